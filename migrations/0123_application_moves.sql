-- What a practice decides about an application, one step after the other, each told to the applicant.
alter table application
    -- Since when it stands where it stands; when the practice was reminded last that it waits.
    add column moved_at timestamptz,
    add column reminded_at timestamptz,
    add column reason text;
update application set moved_at = sent_at where sent_at is not null;
alter table application
    add constraint application_moved_is_sent check ((moved_at is null) = (sent_at is null)),
    add constraint application_reason check (reason in
        ('criteria_not_met', 'lower_score', 'no_right_to_work', 'no_registration', 'checks_failed', 'filled', 'late', 'other')),
    add constraint application_unsuccessful_has_its_reason check ((state = 'unsuccessful') = (reason is not null));
-- Serves: those that wait for the practice.
create index application_waits_idx on application (moved_at)
    where state in ('received', 'shortlisted', 'interview', 'reserve', 'accepted', 'checks');

-- Each step, in its order.
create table application_move (
    bank_id         uuid not null,
    application_id  uuid not null,
    number          integer not null,
    from_state      text not null,
    to_state        text not null,
    -- Who of the practice; none where the applicant did.
    moved_by        uuid references account (id),
    moved_at        timestamptz not null,
    -- What the applicant was told besides.
    said            text not null,
    primary key (bank_id, application_id, number),
    foreign key (bank_id, application_id) references application (bank_id, id) on delete cascade,
    constraint application_move_number check (number >= 1)
);
select keep_banks_apart();
create policy whom_it_was_made_to on application_move as restrictive using (
    (select acts_for_the_service())
    or application_id = (select acting_application())
    or exists (select from application a
                where a.bank_id = application_move.bank_id and a.id = application_move.application_id));

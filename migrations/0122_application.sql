-- Applications: answers to vacancies, from the link that confirms an address to what came of each.
--
--   begun ──▶ received ──▶ what the practice decides        (the table of moves is `hiring::application::moves`)
--     ▲          └──────▶ withdrawn, by whoever applied
--     └───────────────────────┘ while the vacancy is open
--
-- Who somebody is stands apart from what they say of the post, because whoever scores an application reads the one before
-- they may read the other.
create table application (
    bank_id          uuid not null,
    id               uuid not null,
    vacancy_id       uuid not null,
    -- What its link is made of, by the service's key: its own mails alone bear it. And what the link is found by.
    link_id          uuid not null,
    token_hash       bytea not null,
    link_sent_at     timestamptz not null,
    state            text not null,
    begun_at         timestamptz not null,
    changed_at       timestamptz not null,
    sent_at          timestamptz,
    -- Sent in the minutes after the vacancy closed, because it was begun before.
    is_late          boolean not null default false,
    -- Each essential criterion with what the applicant says to it, as pairs.
    statements       jsonb,
    starts_on        date,
    right_to_work    text,
    wants_interview  boolean not null default false,
    -- What a bank has on record of a clinician who applies with it, in a sentence; "" of everybody else.
    on_record        text not null default '',
    primary key (bank_id, id),
    foreign key (bank_id, vacancy_id) references vacancy (bank_id, id),
    constraint application_token unique (token_hash),
    constraint application_state check (state in
        ('begun', 'received', 'shortlisted', 'interview', 'offered', 'accepted', 'checks', 'started', 'reserve',
         'declined', 'withdrawn', 'unsuccessful')),
    constraint application_sent_whole check (
        num_nulls(sent_at, statements) in (0, 2) and (state = 'begun') = (sent_at is null)),
    constraint application_says_right_to_work check (sent_at is null or right_to_work is not null or on_record <> ''),
    constraint application_right_to_work check (right_to_work in ('settled', 'visa', 'needs_sponsorship')),
    constraint application_late_is_sent check (not is_late or sent_at is not null)
);
-- Serves: the applications to a vacancy.
create index application_vacancy_idx on application (bank_id, vacancy_id, sent_at);

-- Who applies. One address applies to a vacancy once.
create table applicant (
    bank_id         uuid not null,
    application_id  uuid not null,
    vacancy_id      uuid not null,
    email           text not null,
    name            text not null,
    phone           text not null,
    registration    text,
    -- Whose account it is, where a clinician of a bank applies with their record.
    account_id      uuid references account (id),
    -- The fields of the form as they are typed, until it is sent.
    typed           jsonb not null,
    primary key (bank_id, application_id),
    foreign key (bank_id, application_id) references application (bank_id, id) on delete cascade,
    constraint applicant_once unique (bank_id, vacancy_id, email)
);
-- Serves: what somebody has applied for, by their address and by their account.
create index applicant_email_idx on applicant (email);
create index applicant_account_idx on applicant (account_id) where account_id is not null;

-- The CV, sealed.
create table application_file (
    bank_id         uuid not null,
    application_id  uuid not null,
    kind            text not null,
    file_name       text not null,
    bytes           integer not null,
    virus_checked   boolean not null,
    key_id          text not null,
    nonce           bytea not null,
    sealed          bytea not null,
    primary key (bank_id, application_id),
    foreign key (bank_id, application_id) references application (bank_id, id) on delete cascade,
    constraint application_file_kind check (kind in ('pdf', 'jpeg', 'png')),
    constraint application_file_bytes check (bytes > 0)
);
-- It is sealed, so that there is nothing to be made smaller.
alter table application_file alter column sealed set storage external;
-- Serves: the files that an older key has sealed.
create index application_file_key_idx on application_file (key_id);

-- What those who applied said of themselves for equal opportunities: how many, for each vacancy, and never who.
create table equal_opportunity_count (
    bank_id     uuid not null,
    vacancy_id  uuid not null,
    question    text not null,
    answer      text not null,
    number      integer not null,
    primary key (bank_id, vacancy_id, question, answer),
    foreign key (bank_id, vacancy_id) references vacancy (bank_id, id),
    constraint equal_opportunity_number check (number > 0)
);
select keep_banks_apart();

-- Who holds the link of an application, and in which membership a signed-in person acts (src/ground/db/tx.rs).
create function acting_application() returns uuid language sql stable parallel safe
    return nullif(current_setting('locumbank.application', true), '')::uuid;
create function acting_membership() returns uuid language sql stable parallel safe
    return nullif(current_setting('locumbank.membership', true), '')::uuid;

-- Never-event 9: an application is read by whoever made it, and from when it is sent by the practice that it was made to;
-- by nobody else of the bank, whatever a statement forgets to ask.
create policy whom_it_was_made_to on application as restrictive using (
    (select acts_for_the_service())
    or id = (select acting_application())
    or (sent_at is not null
        and exists (select from vacancy v
                      join practice_manager m on m.bank_id = v.bank_id and m.practice_id = v.practice_id
                     where v.bank_id = application.bank_id and v.id = application.vacancy_id
                       and m.membership_id = (select acting_membership()))));
create policy whom_it_was_made_to on applicant as restrictive using (
    (select acts_for_the_service())
    or application_id = (select acting_application())
    or exists (select from application a where a.bank_id = applicant.bank_id and a.id = applicant.application_id));
create policy whom_it_was_made_to on application_file as restrictive using (
    (select acts_for_the_service())
    or application_id = (select acting_application())
    or exists (select from application a
                where a.bank_id = application_file.bank_id and a.id = application_file.application_id));
create policy nobody_counted_is_shown on equal_opportunity_count as restrictive using ((select acts_for_the_service()));

-- A link says whose application it is.
create function application_of_link(hash bytea) returns table (bank_id uuid, id uuid)
    language plpgsql stable rows 1 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query select a.bank_id, a.id from application a where a.token_hash = hash;
end $$;

-- Adds what somebody said to the counts of a vacancy: pairs of question and answer.
create function count_equal_opportunities(of_bank uuid, of_vacancy uuid, said jsonb) returns void
    language plpgsql volatile set locumbank.reach = 'service' as $$
begin
    insert into equal_opportunity_count as c (bank_id, vacancy_id, question, answer, number)
    select of_bank, of_vacancy, pair ->> 0, pair ->> 1, 1 from jsonb_array_elements(said) pair order by 3
        on conflict (bank_id, vacancy_id, question, answer) do update set number = c.number + 1;
end $$;

alter table event add column application_id uuid;
insert into event_kind (code) values ('application_sent'), ('application_withdrawn'), ('application_moved');
alter table event add constraint event_about_application check (
    (kind in ('application_sent', 'application_withdrawn', 'application_moved')) = (application_id is not null)
    and (application_id is null
         or num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id,
                         vacancy_id) = 0)) not valid;
alter table event validate constraint event_about_application;

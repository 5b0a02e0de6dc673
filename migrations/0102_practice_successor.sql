-- A practice that closes or merges, and the one that takes its place: proposed by the register where its files name one,
-- and named once by an administrator, who carries over at once what is to be carried.
create table practice_successor (
    bank_id        uuid not null,
    practice_id    uuid not null,
    successor_id   uuid not null,
    proposed_at    timestamptz,
    named_by       uuid references account (id),
    named_at       timestamptz,
    primary key (bank_id, practice_id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    foreign key (bank_id, successor_id) references practice (bank_id, id),
    constraint practice_successor_is_another check (practice_id <> successor_id),
    constraint practice_successor_proposed_or_named check (num_nonnulls(proposed_at, named_at) > 0),
    constraint practice_successor_by_nobody check (named_by is null or named_at is not null)
);
-- Serves: what a practice took the place of, so that nobody's place is taken in a circle.
create index practice_successor_successor_idx on practice_successor (bank_id, successor_id);
select keep_banks_apart();

-- What was named stays, but for the name of whoever named it, which erasure takes away.
create function practice_successor_is_named_once() returns trigger language plpgsql as $$
begin
    if old.named_at is not null and (to_jsonb(new) - 'named_by') is distinct from (to_jsonb(old) - 'named_by') then
        raise exception 'the practice has a successor'
            using errcode = 'check_violation', constraint = 'practice_successor_is_named_once', table = 'practice_successor';
    end if;
    return new;
end
$$;
create trigger practice_successor_is_named_once before update on practice_successor
    for each row execute function practice_successor_is_named_once();

-- A session that was withdrawn because its practice closes can be carried over; one that people took back stays so.
alter table session
    add column withdrawn_by_closing boolean not null default false,
    add constraint session_withdrawn_by_closing check (state = 'withdrawn' or not withdrawn_by_closing);
update session set withdrawn_by_closing = true
 where state = 'withdrawn' and withdrawn_reason like 'The practice’s last day is %';

-- What is carried over takes its bookings along.
alter table booking drop constraint booking_bank_id_session_id_practice_id_fkey;
alter table booking add constraint booking_bank_id_session_id_practice_id_fkey
    foreign key (bank_id, session_id, practice_id) references session (bank_id, id, practice_id) on update cascade;

insert into event_kind (code) values ('session_carried_over');
alter table event add constraint event_about_carrying_over check (
    kind not in ('session_carried_over')
    or num_nulls(session_id) = 0
       and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event validate constraint event_about_carrying_over;

-- The practices of a bank that close, or at which sessions are left beyond their last day, and whose successor nobody has
-- named: what waits for its administrators.
create function practices_closing(of_bank uuid, today date, at timestamptz) returns table (id uuid)
    language sql stable parallel safe rows 5 as $$
    select p.id
      from practice p
     where p.bank_id = of_bank and p.closed_on is not null
       and not exists (select from practice_successor s
                        where s.bank_id = p.bank_id and s.practice_id = p.id and s.named_at is not null)
       and (p.closed_on >= today
            or exists (select from session s
                        where s.bank_id = p.bank_id and s.practice_id = p.id and s.starts_at > at
                          and s.local_date > p.closed_on and (s.state = 'open' or s.withdrawn_by_closing)))
$$;

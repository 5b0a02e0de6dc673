-- What was worked: what practices pay beside the rate, and their sign-off of each booking once it has ended.

-- What a practice decides to pay beside the rate: a name, a unit, and pence for each; none from a day on ends it.
create table practice_extra (
    bank_id        uuid not null,
    id             uuid not null,
    practice_id    uuid not null,
    name           text not null,
    unit           text not null,
    pence_per_unit integer,
    valid_from     date not null,
    decided_by     uuid references account (id),
    decided_at     timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint practice_extra_unit check (unit in ('each', 'quarter_hour', 'mile')),
    constraint practice_extra_price check (pence_per_unit between 1 and 100000)
);
-- Serves: what a practice pays beside the rate.
create index practice_extra_practice_idx on practice_extra (bank_id, practice_id, decided_at desc);
create trigger practice_extra_append_only before update or delete on practice_extra
    for each row execute function row_is_never_changed();

-- What a practice paid beside the rate as it stood at that moment: what counts for a booking made then.
create function practice_extras_at(of_bank uuid, of_practice uuid, at timestamptz)
returns table (name text, unit text, pence_per_unit integer, valid_from date) language sql stable as $$
    select newest.name, newest.unit, newest.pence_per_unit, newest.valid_from
      from (select distinct on (lower(e.name)) e.name, e.unit, e.pence_per_unit, e.valid_from
              from practice_extra e
              join bank k on k.id = e.bank_id
             where e.bank_id = of_bank and e.practice_id = of_practice and e.decided_at <= at
               and e.valid_from <= (at at time zone k.time_zone)::date
             order by lower(e.name), e.valid_from desc, e.decided_at desc, e.id desc) newest
     where newest.pence_per_unit is not null
     order by newest.name
$$;

-- What a clinician says of what they worked, before the practice signs it off. The newest counts.
create table work_said (
    bank_id       uuid not null,
    id            uuid not null,
    booking_id    uuid not null,
    starts_at     timestamptz not null,
    ends_at       timestamptz not null,
    break_minutes integer not null,
    extras        jsonb not null,
    note          text not null,
    said_at       timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint work_said_times check (starts_at < ends_at and break_minutes >= 0)
);
-- Serves: what was said of a booking.
create index work_said_booking_idx on work_said (bank_id, booking_id, said_at desc);

-- A practice's sign-off of a booking, in versions: the newest counts, and all stay as they were.
create table work_sign_off (
    bank_id       uuid not null,
    id            uuid not null,
    booking_id    uuid not null,
    version       integer not null,
    attended      boolean not null,
    starts_at     timestamptz,
    ends_at       timestamptz,
    break_minutes integer not null,
    -- What was done beside the hours: name, unit, pence a unit, and how many.
    extras        jsonb not null,
    pay_pence     integer not null,
    extras_pence  integer not null,
    -- Why it says something else than was booked or was said before; '' where it says what was booked.
    reason        text not null,
    signed_by     uuid references account (id),
    signed_at     timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint work_sign_off_version unique (bank_id, booking_id, version),
    constraint work_sign_off_times check (
        attended = (starts_at is not null) and attended = (ends_at is not null)
        and (not attended or (starts_at < ends_at and break_minutes >= 0
                              and make_interval(mins => break_minutes) < ends_at - starts_at))),
    constraint work_sign_off_not_attended_pays_nothing check (
        attended or (break_minutes = 0 and extras = '[]' and pay_pence = 0 and extras_pence = 0)),
    constraint work_sign_off_sums check (pay_pence >= 0 and extras_pence >= 0),
    constraint work_sign_off_has_its_reason check (reason <> '' or (version = 1 and attended))
);
-- Only the words of a sign-off may change, where somebody's name is taken out of them.
create function work_sign_off_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(new) - 'reason' <> to_jsonb(old) - 'reason' or (new.reason = '') <> (old.reason = '') then
        raise exception 'a sign-off stays as it was given'
            using errcode = 'restrict_violation', constraint = 'work_sign_off_append_only', table = 'work_sign_off';
    end if;
    return new;
end $$;
create trigger work_sign_off_append_only before update or delete on work_sign_off
    for each row execute function work_sign_off_is_kept();
create function work_sign_off_follows() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from booking b
                    where b.bank_id = new.bank_id and b.id = new.booking_id and b.state = 'live'
                      and b.ends_at <= new.signed_at) then
        raise exception 'only a booking that counts and has ended is signed off'
            using errcode = 'check_violation', constraint = 'work_sign_off_of_ended_booking', table = 'work_sign_off';
    end if;
    if new.version <> 1 + coalesce((select max(s.version) from work_sign_off s
                                     where s.bank_id = new.bank_id and s.booking_id = new.booking_id), 0) then
        raise exception 'a sign-off follows the one before'
            using errcode = 'check_violation', constraint = 'work_sign_off_follows', table = 'work_sign_off';
    end if;
    return new;
end $$;
create trigger work_sign_off_follows before insert on work_sign_off
    for each row execute function work_sign_off_follows();

-- The sign-off that counts of each booking.
create view sign_off_in_force with (security_invoker = true) as
select s.bank_id, s.id, s.booking_id, s.version, s.attended, s.starts_at, s.ends_at, s.break_minutes, s.extras,
       s.pay_pence, s.extras_pence, s.reason, s.signed_by, s.signed_at
  from work_sign_off s
 where not exists (select 1 from work_sign_off later
                    where later.bank_id = s.bank_id and later.booking_id = s.booking_id and later.version > s.version);

-- A clinician's question about a sign-off, and what the practice answers: words, or another sign-off.
create table work_query (
    bank_id     uuid not null,
    id          uuid not null,
    booking_id  uuid not null,
    version     integer not null,
    question    text not null,
    asked_at    timestamptz not null,
    answer      text,
    answered_by uuid references account (id),
    answered_at timestamptz,
    primary key (bank_id, id),
    foreign key (bank_id, booking_id, version) references work_sign_off (bank_id, booking_id, version),
    constraint work_query_answer_is_whole check ((answer is null) = (answered_at is null))
);
-- One question at a time.
create unique index work_query_open on work_query (bank_id, booking_id) where answered_at is null;
-- Serves: what was asked about a booking.
create index work_query_booking_idx on work_query (bank_id, booking_id, asked_at);

-- That a practice was reminded of a booking that waits to be signed off: after so many days, once each.
create table sign_off_reminder (
    bank_id     uuid not null,
    id          uuid not null,
    booking_id  uuid not null,
    after_days  smallint not null,
    reminded_at timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint sign_off_reminder_once unique (bank_id, booking_id, after_days)
);
select keep_banks_apart();

insert into event_kind (code)
values ('work_said'), ('work_signed_off'), ('work_queried'), ('work_query_answered');
alter table event add constraint event_about_work check (
    kind not in ('work_said', 'work_signed_off', 'work_queried', 'work_query_answered')
    or num_nulls(booking_id, session_id, clinician_id) = 0
       and num_nonnulls(offer_id, membership_id, clearance_id, rate_range_id, vacancy_id) = 0) not valid;
alter table event validate constraint event_about_work;

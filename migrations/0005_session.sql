-- The commissioner's dated floor and ceiling, by role and band. Rows are added, never changed: for a date, the
-- row with the latest `valid_from` on or before it counts, and of equals the one published last.
create table rate_range (
    bank_id                   uuid not null references bank (id),
    id                        uuid not null,
    role                      text not null references role (code),
    band                      text not null,
    valid_from                date not null,
    floor_pence_per_hour      integer not null,
    ceiling_pence_per_hour    integer not null,
    published_by              uuid references account (id),
    published_at              timestamptz not null,
    position                  bigint generated always as identity,
    primary key (bank_id, id),
    constraint rate_range_band check (band in ('core', 'evening', 'saturday', 'sunday_or_bank_holiday', 'night')),
    constraint rate_range_right_way_up check (
        floor_pence_per_hour >= 0 and floor_pence_per_hour <= ceiling_pence_per_hour and ceiling_pence_per_hour <= 1000000)
);
-- Serves: the range in force for a role, band and date.
create index rate_range_in_force_idx on rate_range (bank_id, role, band, valid_from desc, position desc);

create table session_series (
    bank_id       uuid not null,
    id            uuid not null,
    practice_id   uuid not null,
    until_date    date not null,
    created_at    timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id)
);

-- One dated piece of locum work at one practice: the wall-clock times as posted, and the instants they mean.
create table session (
    bank_id                uuid not null,
    id                     uuid not null,
    practice_id            uuid not null,
    series_id              uuid,
    local_date             date not null,
    local_start            time not null,
    local_end              time not null,
    local_end_date         date not null,
    time_zone              text not null,
    starts_at              timestamptz not null,
    ends_at                timestamptz not null,
    band                   text not null,
    places                 smallint not null,
    priority               smallint not null default 1,
    rate_min_pence_per_hour integer not null,
    rate_max_pence_per_hour integer not null,
    notes                  text not null default '',
    state                  text not null default 'open',
    withdrawn_at           timestamptz,
    withdrawn_reason       text,
    posted_by              uuid references account (id),
    posted_at              timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    foreign key (bank_id, series_id) references session_series (bank_id, id),
    constraint session_places_key unique (bank_id, id, places),
    constraint session_times_key unique (bank_id, id, starts_at, ends_at),
    constraint session_practice_key unique (bank_id, id, practice_id),
    constraint session_span check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
    constraint session_local_span check (local_end_date in (local_date, local_date + 1)),
    constraint session_band check (band in ('core', 'evening', 'saturday', 'sunday_or_bank_holiday', 'night')),
    constraint session_places check (places between 1 and 100),
    constraint session_priority check (priority between 1 and 1000),
    constraint session_rate check (rate_min_pence_per_hour >= 0 and rate_min_pence_per_hour <= rate_max_pence_per_hour),
    constraint session_state check (state in ('open', 'withdrawn')),
    constraint session_withdrawn_facts check (
        (state = 'withdrawn') = (withdrawn_at is not null) and (state = 'withdrawn') = (withdrawn_reason is not null))
);
-- Serves: a bank's sessions of a span of dates (matching, fill rate, unfilled list).
create index session_date_idx on session (bank_id, local_date, id);
-- Serves: a practice's week.
create index session_practice_date_idx on session (bank_id, practice_id, local_date, starts_at, id);

create table session_role (
    bank_id      uuid not null,
    session_id   uuid not null,
    role         text not null references role (code),
    primary key (bank_id, session_id, role),
    foreign key (bank_id, session_id) references session (bank_id, id)
);

create table session_competency (
    bank_id      uuid not null,
    session_id   uuid not null,
    competency   text not null references competency (code),
    primary key (bank_id, session_id, competency),
    foreign key (bank_id, session_id) references session (bank_id, id)
);

-- An approved rate above the range for one session: never approved by the person who asked.
create table rate_exception (
    bank_id                 uuid not null,
    id                      uuid not null,
    session_id              uuid not null,
    rate_max_pence_per_hour integer not null,
    reason                  text not null,
    requested_by            uuid not null references account (id),
    requested_at            timestamptz not null,
    approved_by             uuid references account (id),
    approved_at             timestamptz,
    expires_at              timestamptz,
    revoked_at              timestamptz,
    primary key (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    constraint rate_exception_approval check (
        (approved_by is null) = (approved_at is null) and (approved_at is null or approved_at >= requested_at)),
    constraint rate_exception_other_approver check (approved_by <> requested_by),
    constraint rate_exception_rate check (rate_max_pence_per_hour between 1 and 1000000)
);
create index rate_exception_session_idx on rate_exception (bank_id, session_id);

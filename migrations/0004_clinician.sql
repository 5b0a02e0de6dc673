-- A person who can be booked. Health facts never enter: the bank knows only `cleared_until`.
create table clinician (
    bank_id                  uuid not null references bank (id),
    id                       uuid not null,
    account_id               uuid not null,
    membership_id            uuid not null,
    role                     text not null references role (code),
    afc_band                 smallint,
    registration_number      text,
    home_postcode            text not null,
    latitude_microdegrees    integer not null,
    longitude_microdegrees   integer not null,
    max_travel_metres        integer not null,
    max_minutes_per_week     integer,
    max_minutes_per_day      integer,
    rest_minutes             integer not null default 660,
    engagement               text not null,
    created_at               timestamptz not null,
    changed_at               timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, membership_id, account_id) references membership (bank_id, id, account_id),
    constraint clinician_account_key unique (bank_id, id, account_id),
    constraint clinician_membership_key unique (bank_id, membership_id),
    constraint clinician_role_key unique (bank_id, id, role),
    constraint clinician_engagement check (engagement in ('employed', 'self_employed')),
    constraint clinician_afc_band check (afc_band is null or afc_band between 2 and 9),
    constraint clinician_travel check (max_travel_metres between 0 and 500000),
    constraint clinician_week check (max_minutes_per_week is null or max_minutes_per_week between 0 and 10080),
    constraint clinician_day check (max_minutes_per_day is null or max_minutes_per_day between 0 and 1440),
    -- Working Time Regulations: eleven hours bind people employed by the bank.
    constraint clinician_rest check (rest_minutes between 0 and 2880 and (engagement = 'self_employed' or rest_minutes >= 660)),
    constraint clinician_on_the_globe check (
        latitude_microdegrees between -90000000 and 90000000
        and longitude_microdegrees between -180000000 and 180000000)
);
-- Serves: the clinicians of one role; the clinician of one account.
create index clinician_role_idx on clinician (bank_id, role, id);
create index clinician_account_idx on clinician (account_id);

-- The least a clinician works for, by band.
create table clinician_rate (
    bank_id                uuid not null,
    clinician_id           uuid not null,
    band                   text not null,
    rate_pence_per_hour    integer not null,
    primary key (bank_id, clinician_id, band),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint clinician_rate_band check (band in ('core', 'evening', 'saturday', 'sunday_or_bank_holiday', 'night')),
    constraint clinician_rate_positive check (rate_pence_per_hour between 1 and 1000000)
);

create table clinician_competency (
    bank_id         uuid not null,
    clinician_id    uuid not null,
    competency      text not null references competency (code),
    valid_through   date,
    primary key (bank_id, clinician_id, competency),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id)
);

-- Practices a clinician prefers or will not work at, and practices that will not have a clinician.
create table practice_preference (
    bank_id        uuid not null,
    clinician_id   uuid not null,
    practice_id    uuid not null,
    kind           text not null,
    primary key (bank_id, clinician_id, practice_id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint practice_preference_kind check (kind in ('preferred', 'refused'))
);

create table practice_refusal (
    bank_id        uuid not null,
    practice_id    uuid not null,
    clinician_id   uuid not null,
    reason         text not null,
    refused_at     timestamptz not null,
    primary key (bank_id, practice_id, clinician_id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint practice_refusal_reason_not_empty check (btrim(reason) <> '')
);
-- Serves: the practices that do not take one clinician (booking, matching).
create index practice_refusal_clinician_idx on practice_refusal (bank_id, clinician_id);

-- A bank administrator's dated decision that a person may work in a role. Rows are added, never changed:
-- the newest decision counts.
create table clearance (
    bank_id         uuid not null,
    id              uuid not null,
    clinician_id    uuid not null,
    role            text not null,
    cleared_until   date not null,
    reason          text not null,
    decided_by      uuid not null references account (id),
    decided_at      timestamptz not null,
    position        bigint generated always as identity,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id, role) references clinician (bank_id, id, role),
    constraint clearance_reason_not_empty check (btrim(reason) <> ''),
    constraint clearance_facts_key unique (bank_id, id, clinician_id, role, cleared_until)
);
-- Serves: the decision in force for one clinician.
create index clearance_newest_idx on clearance (bank_id, clinician_id, role, position desc);

-- Spans of time a clinician offers: weekly patterns and single entries, less time away. Wall-clock times.
create table availability_pattern (
    bank_id        uuid not null,
    id             uuid not null,
    clinician_id   uuid not null,
    weekday        smallint not null,
    start_time     time not null,
    end_time       time not null,
    from_date      date not null,
    until_date     date,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint availability_pattern_weekday check (weekday between 1 and 7),
    constraint availability_pattern_span check (end_time > start_time),
    constraint availability_pattern_dates check (until_date is null or until_date >= from_date)
);
create index availability_pattern_clinician_idx on availability_pattern (bank_id, clinician_id);

create table availability_entry (
    bank_id        uuid not null,
    id             uuid not null,
    clinician_id   uuid not null,
    local_date     date not null,
    start_time     time not null,
    end_time       time not null,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint availability_entry_span check (end_time > start_time)
);
create index availability_entry_clinician_idx on availability_entry (bank_id, clinician_id, local_date);

create table time_away (
    bank_id        uuid not null,
    id             uuid not null,
    clinician_id   uuid not null,
    from_date      date not null,
    until_date     date not null,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint time_away_span check (until_date >= from_date)
);
create index time_away_clinician_idx on time_away (bank_id, clinician_id, from_date);

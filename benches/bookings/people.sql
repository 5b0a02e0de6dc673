-- Clinicians beside those of the demonstration, so that each is asked about few sessions; and what the measurement keeps
-- of its own: whom it offers what, and the letters of one booking that the service made.
create function bench_id() returns uuid language sql volatile as $$
    -- In order of time, as the service's own ids are.
    select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid
$$;

create table bench_person (
    number          integer primary key,
    account_id      uuid not null default bench_id(),
    membership_id   uuid not null default bench_id(),
    clinician_id    uuid not null default bench_id(),
    clearance_id    uuid not null default bench_id()
);
insert into bench_person (number) select generate_series(0, 1999);

create table bench_wish (
    number              integer primary key,
    bank_id             uuid not null,
    offer_id            uuid not null default bench_id(),
    session_id          uuid not null default bench_id(),
    booking_id          uuid not null default bench_id(),
    letter_ids          uuid[] not null default array[bench_id(), bench_id()],
    practice_id         uuid not null,
    clinician_id        uuid not null,
    account_id          uuid not null,
    clearance_id        uuid not null,
    rate_range_id       uuid not null,
    rate_pence_per_hour integer not null,
    local_date          date not null,
    starts_at           timestamptz not null,
    ends_at             timestamptz not null
);

create table bench_letter (like mail);
create table bench_letter_recipient (like mail_recipient);
create table bench_bare (number bigint generated always as identity primary key, said text not null);

insert into account (id, email, name, created_at)
select account_id, 'bench' || number || '@demonstration.example', 'Dr Bench ' || number, now() from bench_person;

insert into membership (bank_id, id, account_id, kind, created_at)
select b.id, p.membership_id, p.account_id, 'clinician', now() from bench_person p cross join bank b;

insert into clinician (bank_id, id, account_id, membership_id, role, registration_number, home_postcode,
                       latitude_microdegrees, longitude_microdegrees, max_travel_metres, engagement, created_at,
                       changed_at)
select b.id, p.clinician_id, p.account_id, p.membership_id, 'gp', (7000000 + p.number)::text, near.postcode,
       near.latitude_microdegrees, near.longitude_microdegrees, 50000, 'self_employed', now(), now()
  from bench_person p
 cross join bank b
 cross join lateral (select * from practice order by ods_code offset p.number % 20 limit 1) near;

insert into clinician_rate (bank_id, clinician_id, band, rate_pence_per_hour)
select b.id, p.clinician_id, 'core', 8500 from bench_person p cross join bank b;

insert into clinician_competency (bank_id, clinician_id, competency)
select b.id, p.clinician_id, c.code
  from bench_person p
 cross join bank b
 cross join competency c
 where c.kind in ('document', 'system');

insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
select b.id, p.clearance_id, p.clinician_id, 'gp', current_date + 1000, 'Documents seen', administrator.account_id, now()
  from bench_person p
 cross join bank b
 cross join (select account_id from membership where kind = 'bank_administrator' limit 1) administrator;

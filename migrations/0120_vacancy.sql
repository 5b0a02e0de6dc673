-- Vacancies: posts that practices advertise, which everybody may read from when they open.
--
-- What a vacancy is described by besides its words is data, each line with where it comes from and from when it counts.

-- The staff groups of the National Workforce Data Set, by its codes.
create table staff_group (
    code         text primary key,
    name         text not null,
    source       text not null,
    valid_from   date not null,
    valid_until  date
);
insert into staff_group (code, name, source, valid_from)
select code, name, 'NHS Data Dictionary, STAFF GROUP (National Workforce Data Set, DAPB1067)', '2008-05-01'
  from (values ('01', 'Medical and dental'), ('02', 'Students'), ('03', 'Nursing and midwifery, registered'),
               ('04', 'Allied health professionals'), ('05', 'Additional professional, scientific and technical'),
               ('06', 'Healthcare scientists'), ('07', 'Additional clinical services'),
               ('08', 'Administrative and clerical'), ('09', 'Estates and ancillary'))
    as known (code, name);

-- What Agenda for Change pays for a year of full time in England: at the entry to a band and at its top.
create table pay_band (
    band                 text not null,
    valid_from           date not null,
    valid_until          date not null,
    entry_pence_per_year bigint not null,
    top_pence_per_year   bigint not null,
    source               text not null,
    checked_on           date not null,
    primary key (band, valid_from),
    constraint pay_band_sums check (entry_pence_per_year > 0 and top_pence_per_year >= entry_pence_per_year),
    constraint pay_band_one_at_a_time exclude using gist (band with =, daterange(valid_from, valid_until, '[]') with &&)
);
insert into pay_band (band, valid_from, valid_until, entry_pence_per_year, top_pence_per_year, source, checked_on)
select band, valid_from::date, valid_until::date, entry * 100, top * 100, 'NHS Employers, pay scales for England', '2026-11-30'
  from (values ('2', '2025-04-01', '2026-03-31', 24465, 24465), ('3', '2025-04-01', '2026-03-31', 24937, 26598),
               ('4', '2025-04-01', '2026-03-31', 27485, 30162), ('5', '2025-04-01', '2026-03-31', 31049, 37796),
               ('6', '2025-04-01', '2026-03-31', 38682, 46580), ('7', '2025-04-01', '2026-03-31', 47810, 54710),
               ('8a', '2025-04-01', '2026-03-31', 55690, 62682), ('8b', '2025-04-01', '2026-03-31', 64455, 74896),
               ('8c', '2025-04-01', '2026-03-31', 76965, 88682), ('8d', '2025-04-01', '2026-03-31', 91342, 105337),
               ('9', '2025-04-01', '2026-03-31', 109179, 125637),
               ('2', '2026-04-01', '2027-03-31', 25272, 25272), ('3', '2026-04-01', '2027-03-31', 25760, 27476),
               ('4', '2026-04-01', '2027-03-31', 28392, 31157), ('5', '2026-04-01', '2027-03-31', 32073, 39043),
               ('6', '2026-04-01', '2027-03-31', 39959, 48117), ('7', '2026-04-01', '2027-03-31', 49387, 56515),
               ('8a', '2026-04-01', '2027-03-31', 57528, 64750), ('8b', '2026-04-01', '2027-03-31', 66582, 77368),
               ('8c', '2026-04-01', '2027-03-31', 79504, 91609), ('8d', '2026-04-01', '2027-03-31', 94356, 108814),
               ('9', '2026-04-01', '2027-03-31', 112782, 129783))
    as known (band, valid_from, valid_until, entry, top);

-- A vacancy, from its draft on. What was typed is kept as it was typed; what is advertised is what was read from it when
-- it was published or changed last, with what searches ask in columns of their own.
--
--   draft ──▶ published, and open from opens_at until closes_at, or until it is closed before
--                ──▶ its outcome, which closes it too
create table vacancy (
    bank_id                 uuid not null,
    id                      uuid not null,
    practice_id             uuid not null,
    version                 integer not null,
    -- The fields of the form, as pairs of name and value.
    typed                   jsonb not null,
    title                   text not null,
    created_by              uuid references account (id),
    created_at              timestamptz not null,
    changed_at              timestamptz not null,
    advert                  jsonb,
    role                    text references role (code),
    staff_group             text references staff_group (code),
    contract                text,
    least_minutes_a_week    integer,
    most_minutes_a_week     integer,
    -- What full time would earn in a year, so that every way of paying can be compared.
    least_pence_per_year    bigint,
    most_pence_per_year     bigint,
    words                   text,
    published_at            timestamptz,
    opens_at                timestamptz,
    closes_at               timestamptz,
    closed_at               timestamptz,
    outcome                 text,
    outcome_reason          text,
    outcome_at              timestamptz,
    -- How often the practice was asked what came of it, and when last.
    asked_times             smallint not null default 0,
    asked_at                timestamptz,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint vacancy_version check (version >= 1),
    constraint vacancy_is_advertised_whole check (
        num_nulls(advert, staff_group, contract, least_minutes_a_week, most_minutes_a_week, least_pence_per_year,
                  most_pence_per_year, words, published_at, opens_at, closes_at) in (0, 11)),
    constraint vacancy_has_a_title check (published_at is null or title <> ''),
    constraint vacancy_contract check (contract in
        ('permanent', 'partner', 'fixed_term', 'retainer', 'portfolio', 'bank_only', 'apprenticeship', 'return_to_practice')),
    constraint vacancy_minutes check (0 < least_minutes_a_week and least_minutes_a_week <= most_minutes_a_week),
    constraint vacancy_pay check (0 < least_pence_per_year and least_pence_per_year <= most_pence_per_year),
    constraint vacancy_times check (published_at <= opens_at and opens_at < closes_at),
    constraint vacancy_closed_is_published check (closed_at is null or closed_at >= published_at),
    constraint vacancy_outcome check (outcome in
        ('filled_here', 'filled_elsewhere', 'filled_from_bank', 'not_filled', 'stopped')),
    constraint vacancy_outcome_is_whole check (num_nulls(outcome, outcome_at) in (0, 2)),
    constraint vacancy_outcome_has_its_reason check ((outcome = 'not_filled') = (outcome_reason is not null)),
    constraint vacancy_with_outcome_is_closed check (outcome is null or closed_at is not null or closes_at <= outcome_at),
    constraint vacancy_asked check ((asked_times = 0) = (asked_at is null))
);
-- Serves: a practice's vacancies.
create index vacancy_practice_idx on vacancy (bank_id, practice_id, changed_at desc);
-- Serves: those that closed and nobody has said what came of them.
create index vacancy_without_outcome_idx on vacancy (bank_id, closes_at)
    where published_at is not null and outcome is null;

-- Where the work is: one to ten practices, that which posted it first.
create table vacancy_place (
    bank_id      uuid not null,
    vacancy_id   uuid not null,
    position     smallint not null,
    practice_id  uuid not null,
    primary key (bank_id, vacancy_id, position),
    foreign key (bank_id, vacancy_id) references vacancy (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint vacancy_place_once unique (bank_id, vacancy_id, practice_id),
    constraint vacancy_place_at_most_ten check (position between 1 and 10)
);

-- What was changed in an advertised vacancy, for those who have read it before.
create table vacancy_change (
    bank_id      uuid not null,
    vacancy_id   uuid not null,
    version      integer not null,
    changed_by   uuid references account (id),
    changed_at   timestamptz not null,
    -- The names of the fields, as people read them.
    what         text[] not null,
    primary key (bank_id, vacancy_id, version),
    foreign key (bank_id, vacancy_id) references vacancy (bank_id, id),
    constraint vacancy_change_of_something check (cardinality(what) > 0)
);
select keep_banks_apart();

alter table event add column vacancy_id uuid;
insert into event_kind (code)
values ('vacancy_published'), ('vacancy_changed'), ('vacancy_closed'), ('vacancy_settled');
alter table event add constraint event_about_vacancy check (
    (kind in ('vacancy_published', 'vacancy_changed', 'vacancy_closed', 'vacancy_settled')) = (vacancy_id is not null)
    and (vacancy_id is null
         or num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0))
    not valid;
alter table event validate constraint event_about_vacancy;

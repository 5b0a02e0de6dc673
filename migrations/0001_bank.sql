-- A bank: one area's shared pool and its rules; the tenant of every record.
create extension if not exists btree_gist;

create table bank (
    id          uuid primary key,
    name        text not null,
    icb_code    text,
    time_zone   text not null default 'Europe/London',
    invented    boolean not null default false,
    created_at  timestamptz not null,
    constraint bank_name_not_empty check (btrim(name) <> ''),
    constraint bank_icb_code_key unique (icb_code)
);

-- The roles a session may need: data, each with its regulator and Agenda for Change bands.
create table role (
    code                 text primary key,
    name                 text not null,
    plural               text not null,
    regulator            text,
    register_pattern     text,
    register_example     text,
    lowest_afc_band      smallint,
    highest_afc_band     smallint,
    source               text not null,
    valid_from           date not null,
    constraint role_code_shape check (code ~ '^[a-z][a-z_]*[a-z]$'),
    constraint role_afc_bands check (
        (lowest_afc_band is null) = (highest_afc_band is null)
        and (lowest_afc_band is null or (lowest_afc_band between 2 and highest_afc_band and highest_afc_band <= 9)))
);

insert into role (code, name, plural, regulator, register_pattern, register_example, lowest_afc_band, highest_afc_band, source, valid_from) values
    ('gp', 'GP', 'GPs', 'GMC', '^[0-9]{7}$', '7012345', null, null, 'GMC register: seven digits', '2005-01-01'),
    ('msk_practitioner', 'MSK practitioner', 'MSK practitioners', 'HCPC', '^PH[0-9]{1,6}$', 'PH012345', 7, 8, 'HCPC register: PH and up to six digits', '2003-07-09'),
    ('practice_nurse', 'Practice nurse', 'Practice nurses', 'NMC', '^[0-9]{2}[A-Z][0-9]{4}[A-Z]$', '12A3456E', 5, 6, 'NMC pin: two digits, a letter, four digits, a letter', '2002-04-01'),
    ('advanced_nurse_practitioner', 'Advanced nurse practitioner', 'Advanced nurse practitioners', 'NMC', '^[0-9]{2}[A-Z][0-9]{4}[A-Z]$', '12A3456E', 7, 8, 'NMC pin: two digits, a letter, four digits, a letter', '2002-04-01'),
    ('paramedic', 'Paramedic', 'Paramedics', 'HCPC', '^PA[0-9]{1,6}$', 'PA012345', 6, 7, 'HCPC register: PA and up to six digits', '2003-07-09'),
    ('pharmacist', 'Pharmacist', 'Pharmacists', 'GPhC', '^2[0-9]{6}$', '2045678', 6, 8, 'GPhC register: seven digits that start with 2', '2010-09-27'),
    ('physician_associate', 'Physician associate', 'Physician associates', 'GMC', '^A[0-9]{7}$', 'A7012345', 7, 7, 'GMC register: A and digits', '2024-12-13'),
    ('physiotherapist', 'Physiotherapist', 'Physiotherapists', 'HCPC', '^PH[0-9]{1,6}$', 'PH012345', 5, 7, 'HCPC register: PH and up to six digits', '2003-07-09'),
    ('healthcare_assistant', 'Healthcare assistant', 'Healthcare assistants', null, null, null, 2, 4, 'Agenda for Change national profiles', '2004-12-01'),
    ('care_coordinator', 'Care co-ordinator', 'Care co-ordinators', null, null, null, 4, 6, 'Agenda for Change national profiles', '2004-12-01');

-- Named skills, systems and documents. Held by a clinician with an optional last valid date.
create table competency (
    code   text primary key,
    name   text not null,
    kind   text not null,
    constraint competency_code_shape check (code ~ '^[a-z][a-z0-9_]*$'),
    constraint competency_kind check (kind in ('skill', 'system', 'document'))
);

insert into competency (code, name, kind) values
    ('systmone', 'SystmOne', 'system'),
    ('emis_web', 'EMIS Web', 'system'),
    ('duty_doctor', 'Duty doctor', 'skill'),
    ('coil_fitting', 'Coil fitting', 'skill'),
    ('minor_surgery', 'Minor surgery', 'skill'),
    ('care_home_round', 'Care home round', 'skill'),
    ('cervical_screening', 'Cervical screening', 'skill'),
    ('immunisation', 'Immunisation', 'skill'),
    ('spirometry', 'Spirometry', 'skill'),
    ('fcp_stage_1', 'First contact practitioner stage 1', 'skill'),
    ('fcp_stage_2', 'First contact practitioner stage 2', 'skill'),
    ('joint_injection', 'Joint injection', 'skill'),
    ('home_visiting', 'Home visiting', 'skill'),
    ('independent_prescriber', 'Independent prescriber', 'skill'),
    ('phlebotomy', 'Phlebotomy', 'skill'),
    ('health_checks', 'NHS health checks', 'skill'),
    ('care_planning', 'Care planning', 'skill'),
    ('basic_life_support', 'Basic life support', 'document'),
    ('safeguarding_children_3', 'Safeguarding children level 3', 'document'),
    ('indemnity', 'Indemnity', 'document'),
    ('enhanced_dbs', 'Enhanced DBS check', 'document'),
    ('performers_list', 'Performers List', 'document'),
    ('right_to_work', 'Right to work', 'document');

-- When the work is: the bank's own table, by the local start time.
create table band_hours (
    bank_id     uuid not null references bank (id),
    day_kind    text not null,
    from_time   time not null,
    band        text not null,
    primary key (bank_id, day_kind, from_time),
    constraint band_hours_day_kind check (day_kind in ('weekday', 'saturday', 'sunday_or_bank_holiday')),
    constraint band_hours_band check (band in ('core', 'evening', 'saturday', 'sunday_or_bank_holiday', 'night'))
);

create table bank_holiday (
    date    date primary key,
    title   text not null
);

-- A place of work that posts, keyed by ODS code within its bank.
create table practice (
    bank_id                   uuid not null references bank (id),
    id                        uuid not null,
    ods_code                  text not null,
    name                      text not null,
    kind                      text not null default 'gp_practice',
    address                   text not null default '',
    postcode                  text not null,
    latitude_microdegrees     integer not null,
    longitude_microdegrees    integer not null,
    placed_by                 text not null default 'postcode_district',
    pcn_code                  text,
    pcn_name                  text,
    clinical_system           text references competency (code),
    opened_on                 date,
    closed_on                 date,
    email                     text,
    created_at                timestamptz not null,
    changed_at                timestamptz not null,
    primary key (bank_id, id),
    constraint practice_ods_code_key unique (bank_id, ods_code),
    constraint practice_ods_code_shape check (ods_code ~ '^[A-Z0-9]{3,10}$'),
    constraint practice_name_not_empty check (btrim(name) <> ''),
    constraint practice_kind check (kind in ('gp_practice', 'pcn_hub', 'out_of_hours', 'community_provider', 'care_home', 'hospital_site')),
    constraint practice_placed_by check (placed_by in ('postcode_district', 'postcode', 'given')),
    constraint practice_on_the_globe check (
        latitude_microdegrees between -90000000 and 90000000
        and longitude_microdegrees between -180000000 and 180000000),
    constraint practice_open_before_closed check (closed_on is null or opened_on is null or closed_on >= opened_on)
);
-- Serves: the list of a bank's practices by name.
create index practice_name_idx on practice (bank_id, name, id);

-- Which practices a practice manager acts for.
create table practice_manager (
    bank_id         uuid not null,
    membership_id   uuid not null,
    practice_id     uuid not null,
    primary key (bank_id, membership_id, practice_id),
    foreign key (bank_id, membership_id) references membership (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id)
);
-- Serves: whom to tell at one practice.
create index practice_manager_practice_idx on practice_manager (bank_id, practice_id);

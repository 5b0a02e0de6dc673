-- A clinician's wish to hear of new sessions near a place that fit them. It lapses unless it is renewed, so that
-- nobody is written to for ever.
create table alert (
    bank_id                  uuid not null,
    id                       uuid not null,
    clinician_id             uuid not null,
    place                    text not null,
    latitude_microdegrees    integer not null,
    longitude_microdegrees   integer not null,
    within_metres            integer not null,
    created_at               timestamptz not null,
    told_until               timestamptz not null,
    lapses_at                timestamptz not null,
    asked_at                 timestamptz,
    ended_at                 timestamptz,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint alert_within check (within_metres between 1 and 500000),
    constraint alert_lapses check (lapses_at > created_at)
);
-- Serves: the alerts of a clinician; those that are about to lapse.
create index alert_clinician_idx on alert (bank_id, clinician_id) where ended_at is null;
create index alert_lapses_idx on alert (lapses_at) where ended_at is null;
-- Serves: sessions posted since alerts were last told.
create index session_posted_idx on session (bank_id, posted_at);

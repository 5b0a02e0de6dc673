-- The address at which a clinician's calendar fetches what they are booked for and offered. Its secret is derived from a key
-- that is not in the database; one that has ended opens nothing any more.
create table calendar_feed (
    bank_id      uuid not null,
    id           uuid not null,
    clinician_id uuid not null,
    made_at      timestamptz not null,
    ended_at     timestamptz,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id)
);
-- Whether somebody has an address: one each.
create unique index calendar_feed_of_clinician on calendar_feed (bank_id, clinician_id) where ended_at is null;
select keep_banks_apart();

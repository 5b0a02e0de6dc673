-- The file of sessions that somebody has had looked through and has not posted yet: one for each membership, the newest.
-- It goes when it is posted or when another takes its place.
create table session_file (
    bank_id          uuid not null,
    membership_id    uuid not null,
    account_id       uuid not null,
    id               uuid not null,
    rows             jsonb not null,
    read_at          timestamptz not null,
    primary key (bank_id, membership_id),
    foreign key (bank_id, membership_id, account_id) references membership (bank_id, id, account_id)
);
select keep_banks_apart();

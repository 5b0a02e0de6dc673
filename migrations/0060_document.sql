-- The documents that clinicians hand in to show what they hold. One of a kind waits to be looked at; a newer one takes its
-- place, and every one is kept with what became of it.
create table document (
    bank_id               uuid not null,
    id                    uuid not null,
    clinician_id          uuid not null,
    competency            text not null references competency (code),
    -- What the file is by its content, and what its person calls it.
    kind                  text not null,
    file_name             text not null,
    bytes                 integer not null,
    virus_checked         boolean not null,
    -- The last day as the person reads it; none where they say that it does not end.
    said_valid_through    date,
    handed_in_at          timestamptz not null,
    state                 text not null default 'waiting',
    ended_at              timestamptz,
    ended_by              uuid references account (id),
    -- The last day as the administrator reads it, of a verified one; none where it does not end.
    valid_through         date,
    -- What is wrong, of one that was sent back.
    reason                text,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint document_kind check (kind in ('pdf', 'jpeg', 'png')),
    constraint document_bytes check (bytes between 1 and 10485760),
    constraint document_file_name check (char_length(file_name) between 1 and 100),
    constraint document_state check (case state
        when 'waiting' then num_nonnulls(ended_at, ended_by, valid_through, reason) = 0
        when 'replaced' then ended_at is not null and num_nonnulls(ended_by, valid_through, reason) = 0
        when 'verified' then num_nulls(ended_at, ended_by) = 0 and reason is null
        when 'sent_back' then num_nulls(ended_at, ended_by, reason) = 0 and valid_through is null
                              and btrim(reason) <> ''
        else false
    end)
);
-- One of a kind waits. Serves: the one that a newer one replaces.
create unique index document_waiting_key on document (bank_id, clinician_id, competency) where state = 'waiting';
-- Serve: what one clinician has handed in; what waits for a bank's administrators, the oldest first.
create index document_clinician_idx on document (bank_id, clinician_id, handed_in_at desc);
create index document_oldest_waiting_idx on document (bank_id, handed_in_at, id) where state = 'waiting';

-- Their files, apart from them, so that no list ever reads one. Sealed by a key that is not in the database: key_id says
-- which, and what is sealed with the file is whose it is (people/document/seal.rs).
create table document_file (
    bank_id        uuid not null,
    document_id    uuid not null,
    key_id         text not null,
    nonce          bytea not null,
    primary key (bank_id, document_id),
    foreign key (bank_id, document_id) references document (bank_id, id),
    constraint document_file_nonce check (length(nonce) = 24)
);
-- The sealed bytes, a megabyte a row, so that neither the service nor a connection of it ever holds a file twice.
create table document_file_part (
    bank_id        uuid not null,
    document_id    uuid not null,
    number         smallint not null,
    sealed         bytea not null,
    primary key (bank_id, document_id, number),
    foreign key (bank_id, document_id) references document_file (bank_id, document_id),
    constraint document_file_part_number check (number between 1 and 11),
    constraint document_file_part_bytes check (length(sealed) between 1 and 1048576)
);
-- What is sealed can't be made smaller.
alter table document_file_part alter column sealed set storage external;
-- Serves: whether the settings still have every key (locumbank doctor).
create index document_file_key_idx on document_file (key_id);

select keep_banks_apart();

-- Who changed what, when. Rows are added, never changed (never-event 7).
create table audit_event (
    position     bigint generated always as identity primary key,
    bank_id      uuid not null references bank (id),
    at           timestamptz not null,
    account_id   uuid references account (id),
    action       text not null,
    subject_kind text not null,
    subject_id   uuid not null,
    detail       jsonb not null default '{}',
    constraint audit_event_action_shape check (action ~ '^[a-z_]+\.[a-z_]+$')
);
-- Serves: a bank's log, newest first; the history of one record.
create index audit_event_bank_idx on audit_event (bank_id, position desc);
create index audit_event_subject_idx on audit_event (bank_id, subject_id, position);

create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function row_is_never_changed();
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function row_is_never_changed();

-- Each seal covers the rows up to a position with a hash over them and the seal before it.
create table audit_seal (
    position     bigint primary key,
    hash         bytea not null,
    sealed_at    timestamptz not null,
    constraint audit_seal_hash_length check (length(hash) = 32)
);
create trigger audit_seal_append_only before update or delete on audit_seal
    for each row execute function row_is_never_changed();
create trigger audit_seal_no_truncate before truncate on audit_seal
    for each statement execute function row_is_never_changed();

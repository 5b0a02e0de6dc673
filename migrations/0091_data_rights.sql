-- What people may have of what is held about them: a copy of it, and that it is erased (src/rights).

-- The name beside somebody's bookings after they were erased: who worked where is kept as long as the bank has to account
-- for it, and no longer.
create table kept_name (
    bank_id               uuid not null,
    clinician_id          uuid not null,
    name                  text not null,
    registration_number   text,
    kept_until            date not null,
    primary key (bank_id, clinician_id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id)
);
-- Serves: those whose time is over.
create index kept_name_until_idx on kept_name (kept_until);

-- That somebody was erased, and what was kept of them. It names nobody: the account has no name any more.
create table erasure (
    bank_id        uuid not null references bank (id),
    id             uuid not null,
    account_id     uuid not null references account (id),
    -- Whether their account went with it, or what this one bank had of them.
    whole_account  boolean not null,
    erased_by      uuid references account (id),
    erased_at      timestamptz not null,
    -- What was kept, as the page listed it: a list of what, how many, why and until when.
    kept           jsonb not null,
    primary key (bank_id, id),
    constraint erasure_kept check (jsonb_typeof(kept) = 'array')
);
-- Serves: a bank's, newest first.
create index erasure_at_idx on erasure (bank_id, erased_at desc);

-- Copies of what is held about somebody. The file lies sealed in parts for a week.
create table data_export (
    bank_id        uuid not null references bank (id),
    id             uuid not null,
    account_id     uuid not null references account (id),
    -- Everything the account has in every bank, asked for by the person; or what this bank has, for a request by letter.
    whole_account  boolean not null,
    asked_by       uuid not null references account (id),
    asked_at       timestamptz not null,
    ready_at       timestamptz,
    expires_at     timestamptz,
    bytes          integer,
    primary key (bank_id, id),
    constraint data_export_ready_facts check (num_nonnulls(ready_at, expires_at, bytes) in (0, 3))
);
-- One is made at a time for whoever asks. Serves: a person's own, newest first.
create unique index data_export_waits_once on data_export (bank_id, account_id, asked_by) where ready_at is null;
create index data_export_account_idx on data_export (bank_id, account_id, asked_at desc);
-- Serves: those whose week is over.
create index data_export_expires_idx on data_export (expires_at) where ready_at is not null;
create table data_export_part (
    bank_id      uuid not null,
    export_id    uuid not null,
    number       integer not null,
    sealed       bytea not null,
    primary key (bank_id, export_id, number),
    foreign key (bank_id, export_id) references data_export (bank_id, id) on delete cascade,
    constraint data_export_part_number check (number >= 1)
);
-- What is sealed can't be made smaller.
alter table data_export_part alter column sealed set storage external;

-- What a night took away by the bank's times, or would have: the first night after they were decided only counts.
create table retention_run (
    bank_id      uuid not null references bank (id),
    id           uuid not null,
    at           timestamptz not null,
    only_counts  boolean not null,
    -- The version of the bank's rule; 0 where none was decided.
    rule_number  integer not null,
    -- How many of each kind, by its code.
    counts       jsonb not null,
    primary key (bank_id, id),
    constraint retention_run_counts check (jsonb_typeof(counts) = 'object')
);
-- Serves: a bank's last nights.
create index retention_run_at_idx on retention_run (bank_id, at desc);

-- Mail that names somebody who was erased is emptied at once, and mail that is still on its way as soon as it has left.
alter table mail add column empty_when_done boolean not null default false;
alter table mail_recipient add column empty_when_done boolean not null default false;
-- Serves: what is to be emptied.
create index mail_to_empty_idx on mail (bank_id, id) where empty_when_done;
-- Serves: mail whose time is over.
create index mail_finished_idx on mail (bank_id, finished_at) where finished_at is not null and text_body <> '';

-- Decisions are never changed; but what was written of a person in them can be taken out when they are erased. The columns
-- that hold such words are the trigger's arguments.
create function row_only_loses_words() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_setting('locumbank.erasing', true) = 'on'
       and to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[] then
        return new;
    end if;
    raise exception '% is append-only', tg_table_name
        using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only', table = tg_table_name;
end $$;
drop trigger clearance_append_only on clearance;
create trigger clearance_append_only before update or delete on clearance
    for each row execute function row_only_loses_words('reason', 'decided_on_number');
drop trigger clearance_refusal_append_only on clearance_refusal;
create trigger clearance_refusal_append_only before update or delete on clearance_refusal
    for each row execute function row_only_loses_words('reason');
drop trigger bank_rule_append_only on bank_rule;
create trigger bank_rule_append_only before update or delete on bank_rule
    for each row execute function row_only_loses_words('why', 'value');
select keep_banks_apart();

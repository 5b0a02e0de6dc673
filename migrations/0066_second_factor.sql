-- A second factor: an app that tells codes (RFC 6238), with recovery codes for when it is lost.
create table second_factor (
    account_id       uuid primary key references account (id),
    -- Sealed by the key of the settings (src/ground/data_key.rs). None until the first set-up was confirmed by a code.
    sealed_secret    bytea,
    confirmed_at     timestamptz,
    -- Each code is taken once: none of this step or of one before it is taken any more.
    last_step        bigint not null default 0,
    -- What is being set up, beside what is there.
    sealed_pending   bytea,
    constraint second_factor_confirmed_facts check ((sealed_secret is null) = (confirmed_at is null))
);

-- Only their hashes are kept; each works once.
create table recovery_code (
    account_id    uuid not null references second_factor (account_id) on delete cascade,
    code_hash     bytea not null,
    used_at       timestamptz,
    primary key (account_id, code_hash),
    constraint recovery_code_hash_length check (length(code_hash) = 32)
);

-- From when everybody in the bank but clinicians needs one; null while it is offered to all and demanded of nobody.
alter table bank add column second_factor_from date;

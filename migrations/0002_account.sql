-- One person has one account, and a membership in each bank they act in.
create table account (
    id              uuid primary key,
    email           text not null,
    name            text not null,
    password_hash   text,
    created_at      timestamptz not null,
    disabled_at     timestamptz,
    constraint account_email_shape check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    constraint account_email_key unique (email),
    constraint account_name_not_empty check (btrim(name) <> '')
);

create table membership (
    bank_id      uuid not null references bank (id),
    id           uuid not null,
    account_id   uuid not null references account (id),
    kind         text not null,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    primary key (bank_id, id),
    constraint membership_kind check (kind in ('practice_manager', 'clinician', 'bank_administrator', 'commissioner')),
    constraint membership_account_kind_key unique (bank_id, account_id, kind),
    constraint membership_account_key unique (bank_id, id, account_id)
);
-- Serves: the memberships of a person who signs in.
create index membership_account_idx on membership (account_id) where ended_at is null;

-- A person's authenticated browser state. The token itself is never stored.
create table sign_in (
    token_hash      bytea primary key,
    account_id      uuid not null references account (id),
    bank_id         uuid not null,
    membership_id   uuid not null,
    form_key        bytea not null,
    created_at      timestamptz not null,
    last_seen_at    timestamptz not null,
    ended_at        timestamptz,
    foreign key (bank_id, membership_id, account_id) references membership (bank_id, id, account_id),
    constraint sign_in_token_hash_length check (length(token_hash) = 32),
    constraint sign_in_form_key_length check (length(form_key) = 32)
);
-- Serves: ending every sign-in of one account, and clearing old ones.
create index sign_in_account_idx on sign_in (account_id);
create index sign_in_created_idx on sign_in (created_at);

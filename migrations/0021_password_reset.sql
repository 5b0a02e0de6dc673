-- A link to a new password, in a mail of its own. The token itself is never stored.
create table password_reset (
    id             uuid primary key,
    account_id     uuid not null references account (id),
    token_hash     bytea not null,
    created_at     timestamptz not null,
    expires_at     timestamptz not null,
    used_at        timestamptz,
    withdrawn_at   timestamptz,
    constraint password_reset_token_hash_length check (length(token_hash) = 32),
    constraint password_reset_token_hash_key unique (token_hash),
    constraint password_reset_expires_later check (expires_at > created_at),
    constraint password_reset_ends_once check (used_at is null or withdrawn_at is null)
);
-- An account has one link alive. Serves: the link that a new one replaces.
create unique index password_reset_alive_key on password_reset (account_id)
    where used_at is null and withdrawn_at is null;

-- id: by which its person ends it. browser: "Firefox on Windows", as far as the browser said; nothing finer is kept.
alter table sign_in
    add column id uuid not null default gen_random_uuid(),
    add column browser text;
create unique index sign_in_id_key on sign_in (id);

-- A person changes the address they sign in with, which both mailboxes confirm, each by a link of its own. The tokens
-- themselves are never stored.
create table address_change (
    id                  uuid primary key,
    account_id          uuid not null references account (id),
    new_email           text not null,
    old_token_hash      bytea not null,
    new_token_hash      bytea not null,
    created_at          timestamptz not null,
    expires_at          timestamptz not null,
    old_confirmed_at    timestamptz,
    new_confirmed_at    timestamptz,
    done_at             timestamptz,
    withdrawn_at        timestamptz,
    constraint address_change_email_shape check (
        new_email = lower(new_email) and new_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    constraint address_change_token_lengths check (length(old_token_hash) = 32 and length(new_token_hash) = 32),
    constraint address_change_old_token_key unique (old_token_hash),
    constraint address_change_new_token_key unique (new_token_hash),
    constraint address_change_expires_later check (expires_at > created_at),
    constraint address_change_ends_once check (done_at is null or withdrawn_at is null),
    constraint address_change_done_by_both check (
        done_at is null or (old_confirmed_at is not null and new_confirmed_at is not null))
);
-- An account changes to one address at a time. Serves: the change that a new one replaces.
create unique index address_change_alive_key on address_change (account_id)
    where done_at is null and withdrawn_at is null;
-- Serves: clearing old ones.
create index address_change_created_idx on address_change (created_at);
create index password_reset_created_idx on password_reset (created_at);

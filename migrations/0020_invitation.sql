-- A person is invited into a bank by a link in a mail. The link itself is never stored: the mail in the outbox holds an
-- id from which the service's key makes it, this table its hash. Lapsed is an open one whose time is over.
create table invitation (
    bank_id          uuid not null references bank (id),
    id               uuid not null,
    email            text not null,
    name             text not null default '',
    kind             text not null,
    token_hash       bytea not null,
    state            text not null default 'open',
    invited_by       uuid references account (id),
    invited_at       timestamptz not null,
    sent_at          timestamptz not null,
    times_sent       integer not null default 1,
    expires_at       timestamptz not null,
    ended_at         timestamptz,
    account_id       uuid,
    membership_id    uuid,
    primary key (bank_id, id),
    foreign key (bank_id, membership_id, account_id) references membership (bank_id, id, account_id),
    constraint invitation_token_key unique (token_hash),
    constraint invitation_token_hash_length check (length(token_hash) = 32),
    constraint invitation_email_shape check (email = lower(email) and email ~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$'),
    constraint invitation_kind check (kind in ('practice_manager', 'clinician', 'bank_administrator', 'commissioner')),
    constraint invitation_state check (state in ('open', 'accepted', 'withdrawn')),
    constraint invitation_ended_facts check ((state = 'open') = (ended_at is null)),
    constraint invitation_accepted_facts check (
        (state = 'accepted') = (membership_id is not null) and (membership_id is null) = (account_id is null)),
    constraint invitation_expires_later check (expires_at > sent_at and sent_at >= invited_at and times_sent >= 1)
);
-- Pressed twice, by one person or by two, one invitation goes out. Two managers may each invite the same colleague, for
-- their own practices, and learn nothing of each other.
create unique index invitation_open_key on invitation (bank_id, email, kind)
    where state = 'open' and kind <> 'practice_manager';
create unique index invitation_open_manager_key on invitation (bank_id, email, invited_by) nulls not distinct
    where state = 'open' and kind = 'practice_manager';
-- Serves: a bank's invitations, newest first.
create index invitation_newest_idx on invitation (bank_id, invited_at desc, id);

-- The practices that an invited practice manager is to act for.
create table invitation_practice (
    bank_id          uuid not null,
    invitation_id    uuid not null,
    practice_id      uuid not null,
    primary key (bank_id, invitation_id, practice_id),
    foreign key (bank_id, invitation_id) references invitation (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id)
);
-- Serves: the invitations to one manager's practices.
create index invitation_practice_practice_idx on invitation_practice (bank_id, practice_id);

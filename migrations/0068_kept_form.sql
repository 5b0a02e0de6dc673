-- A form that came when its person's sign-in had run out: kept for them until they have signed in again. Sealed by the key of
-- the settings, one for each person in a bank, for a day.
create table kept_form (
    bank_id          uuid not null,
    account_id       uuid not null references account (id),
    membership_id    uuid not null,
    path             text not null,
    sealed_fields    bytea not null,
    kept_at          timestamptz not null,
    expires_at       timestamptz not null,
    primary key (bank_id, account_id),
    foreign key (bank_id, membership_id, account_id) references membership (bank_id, id, account_id),
    constraint kept_form_expires_later check (expires_at > kept_at)
);

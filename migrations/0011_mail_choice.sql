-- What somebody wants to have by email, where it differs from what is usual for the kind of message. A kind that
-- the catalogue of messages no longer has is passed over.
create table mail_choice (
    bank_id      uuid not null references bank (id),
    account_id   uuid not null references account (id),
    kind         text not null,
    delivery     text not null,
    chosen_at    timestamptz not null,
    primary key (bank_id, account_id, kind),
    constraint mail_choice_delivery check (delivery in ('at_once', 'digest', 'never'))
);

-- When somebody wants no email, by the bank's wall clock: from `starts_at`, over midnight where `ends_at` is earlier.
create table quiet_hours (
    bank_id      uuid not null references bank (id),
    account_id   uuid not null references account (id),
    starts_at    time not null,
    ends_at      time not null,
    primary key (bank_id, account_id),
    constraint quiet_hours_some_time check (starts_at <> ends_at)
);

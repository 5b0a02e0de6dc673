-- What mail servers and mailboxes said about a mail: it came back, for now or for good, or its reader complained.
create table mail_report (
    bank_id       uuid not null,
    id            uuid not null,
    mail_id       uuid not null,
    address       text not null,
    kind          text not null,
    status        text,
    explanation   text not null,
    received_at   timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, mail_id, address) references mail_recipient (bank_id, mail_id, address),
    constraint mail_report_kind check (kind in ('hard', 'soft', 'complaint')),
    -- The same report delivered twice counts once.
    constraint mail_report_once unique (bank_id, mail_id, address, kind)
);
-- Serves: what was said about an address.
create index mail_report_address_idx on mail_report (bank_id, address, received_at desc);

-- An address that mail came back from. `stopped_at` is set when nothing more is sent to it, `cleared_at` when somebody
-- said that it works again.
create table stopped_address (
    bank_id         uuid not null references bank (id),
    address         text not null,
    account_id      uuid references account (id),
    reason          text not null,
    explanation     text not null,
    failures        integer not null,
    last_failed_at  timestamptz not null,
    stopped_at      timestamptz,
    cleared_at      timestamptz,
    cleared_by      uuid references account (id),
    primary key (bank_id, address),
    constraint stopped_address_reason check (reason in ('hard', 'soft', 'complaint')),
    constraint stopped_address_failures check (failures >= 0),
    constraint stopped_address_cleared check ((cleared_at is null) = (cleared_by is null))
);
-- Serves: the addresses of a bank that take no mail.
create index stopped_address_stopped_idx on stopped_address (bank_id, stopped_at desc)
    where stopped_at is not null and cleared_at is null;

-- Which deployment this database belongs to. A restored backup raises its epoch, and unsent mail of an earlier
-- epoch waits for a person (docs/OPERATIONS.md).
create table environment (
    only_row   boolean primary key default true,
    id         uuid not null,
    epoch      integer not null default 1,
    constraint environment_only_row check (only_row),
    constraint environment_epoch check (epoch >= 1)
);
insert into environment (id) values (gen_random_uuid());

-- The outbox: a mail is written by the change that causes it, in its transaction.
create table mail (
    bank_id            uuid not null references bank (id),
    id                 uuid not null,
    kind               text not null,
    dedup_key          text not null,
    message_id         text not null,
    environment_id     uuid not null,
    epoch              integer not null,
    subject            text not null,
    text_body          text not null,
    html_body          text not null,
    calendar_body      text,
    calendar_method    text,
    booking_id         uuid,
    offer_id           uuid,
    priority           smallint not null default 5,
    not_after          timestamptz,
    state              text not null default 'pending',
    attempts           integer not null default 0,
    uncertain_times    integer not null default 0,
    next_attempt_at    timestamptz not null,
    sending_since      timestamptz,
    sender_fence       bigint not null default 0,
    finished_at        timestamptz,
    last_error         text,
    digest_id          uuid,
    created_at         timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    foreign key (bank_id, offer_id) references offer (bank_id, id),
    foreign key (bank_id, digest_id) references mail (bank_id, id),
    constraint mail_dedup_key unique (bank_id, kind, dedup_key),
    constraint mail_message_id_key unique (message_id),
    constraint mail_subject_one_line check (subject !~ '[\r\n]'),
    constraint mail_calendar check ((calendar_body is null) = (calendar_method is null) and calendar_method in ('REQUEST', 'CANCEL', 'PUBLISH')),
    constraint mail_state check (state in ('pending', 'sending', 'sent', 'failed', 'uncertain', 'dropped', 'for_digest', 'digested')),
    constraint mail_sending_facts check ((state = 'sending') = (sending_since is not null)),
    constraint mail_finished_facts check ((state in ('sent', 'failed', 'dropped', 'digested')) = (finished_at is not null)),
    -- What a daily email told is known by that mail, so that it is told again where that mail never left.
    constraint mail_digested_facts check ((state = 'digested') = (digest_id is not null))
);
-- Serves: the next mail to send. While a sender has one in hand, next_attempt_at is the end of its lease.
create index mail_due_idx on mail (priority, next_attempt_at) where state in ('pending', 'uncertain');
-- Serve: mails whose sender died, mails that have become stale, mails that were given up.
create index mail_sending_idx on mail (sending_since) where state = 'sending';
create index mail_stale_idx on mail (not_after) where state in ('pending', 'uncertain', 'for_digest');
-- Serves: a bank's mail by state, newest first.
create index mail_state_idx on mail (bank_id, state, created_at desc);
create index mail_failed_idx on mail (finished_at) where state = 'failed';
-- Serves: what waits for the daily email; what a daily email that never left had in it.
create index mail_for_digest_idx on mail (bank_id, created_at) where state = 'for_digest';
create index mail_digest_idx on mail (bank_id, digest_id) where digest_id is not null;
create index mail_booking_idx on mail (bank_id, booking_id) where booking_id is not null;
create index mail_offer_idx on mail (bank_id, offer_id) where offer_id is not null;

-- refusal: what the relay said where it refused this address for good; the others got the mail all the same.
create table mail_recipient (
    bank_id      uuid not null,
    mail_id      uuid not null,
    address      text not null,
    name         text not null default '',
    account_id   uuid references account (id),
    refusal      text,
    primary key (bank_id, mail_id, address),
    foreign key (bank_id, mail_id) references mail (bank_id, id),
    constraint mail_recipient_address check (address ~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$')
);

-- Never-event 5: no booking without its confirmation to both sides in the outbox; no offer without its mail.
-- Checked at commit.
create function booking_has_its_mail() returns trigger language plpgsql as $$
begin
    if (select count(distinct kind) from mail m
         where m.bank_id = new.bank_id and m.booking_id = new.id
           and m.kind in ('booking_confirmed_clinician', 'booking_confirmed_practice')) <> 2
    then
        raise exception 'a booking needs its confirmation to both sides'
            using errcode = 'check_violation', constraint = 'booking_has_its_mail', table = 'booking';
    end if;
    return null;
end $$;
create constraint trigger booking_has_its_mail after insert on booking
    deferrable initially deferred for each row execute function booking_has_its_mail();

-- Nor does a booking change without its clinician being told. Each change raises the sequence by which calendars know
-- the newest entry.
create function booking_change_has_its_mail() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1
          from booking b
          join mail m on m.bank_id = b.bank_id and m.booking_id = b.id
         where b.bank_id = new.bank_id and b.id = new.id and b.calendar_sequence > old.calendar_sequence
           and (m.kind = 'booking_cancelled_clinician'
                or (m.kind = 'booking_changed_clinician' and m.dedup_key = b.id || ' ' || b.calendar_sequence)))
    then
        raise exception 'a change of a booking needs its mail'
            using errcode = 'check_violation', constraint = 'booking_change_has_its_mail', table = 'booking';
    end if;
    return null;
end $$;
create constraint trigger booking_change_has_its_mail after update of calendar_sequence, starts_at, ends_at on booking
    deferrable initially deferred for each row when (new.state = 'live')
    execute function booking_change_has_its_mail();

create function offer_has_its_mail() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from mail m where m.bank_id = new.bank_id and m.offer_id = new.id and m.kind = 'session_offered') then
        raise exception 'an offer needs its mail'
            using errcode = 'check_violation', constraint = 'offer_has_its_mail', table = 'offer';
    end if;
    return null;
end $$;
create constraint trigger offer_has_its_mail after insert on offer
    deferrable initially deferred for each row execute function offer_has_its_mail();

create function mail_has_a_recipient() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from mail_recipient r where r.bank_id = new.bank_id and r.mail_id = new.id) then
        raise exception 'a mail needs a recipient'
            using errcode = 'check_violation', constraint = 'mail_has_a_recipient', table = 'mail';
    end if;
    return null;
end $$;
create constraint trigger mail_has_a_recipient after insert on mail
    deferrable initially deferred for each row execute function mail_has_a_recipient();

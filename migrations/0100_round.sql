-- Rounds: requests for sessions that are far enough ahead gather until a round closes, and are decided together.
-- A round keeps the terms under which it was announced. What the lot is drawn from is sealed: its hash is published before
-- the round opens, itself once it is decided, and the two belong together.
create table round (
    bank_id       uuid not null references bank (id),
    id            uuid not null,
    number        integer not null,
    announced_at  timestamptz not null,
    opens_at      timestamptz not null,
    closes_at     timestamptz not null,
    confirm_by    timestamptz not null,
    -- Sessions that start from then on are in it.
    sessions_from timestamptz not null,
    -- What people were given from then on decides whose turn it is.
    counted_from  timestamptz not null,
    seed          text not null,
    seed_hash     text not null,
    decided_at    timestamptz,
    primary key (bank_id, id),
    constraint round_number_once unique (bank_id, number),
    constraint round_number check (number >= 1),
    constraint round_times check (announced_at < opens_at and opens_at < closes_at and closes_at < confirm_by
                                  and confirm_by <= sessions_from and counted_from < closes_at),
    constraint round_seed_is_sealed check (seed_hash = encode(sha256(convert_to(seed, 'UTF8')), 'hex')),
    constraint round_is_decided_when_closed check (decided_at >= closes_at),
    constraint round_one_at_a_time exclude using gist (bank_id with =, tstzrange(opens_at, closes_at) with &&)
);

-- Nothing of a round changes but that it is decided, once.
create function round_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if old.decided_at is not null or (to_jsonb(new) - 'decided_at') is distinct from (to_jsonb(old) - 'decided_at') then
        raise exception 'a round keeps its terms'
            using errcode = 'check_violation', constraint = 'round_keeps_its_terms', table = 'round';
    end if;
    return new;
end
$$;
create trigger round_keeps_its_terms before update on round
    for each row execute function round_keeps_its_terms();

-- Somebody who asks in a round: the ticket that the lot is drawn for, which nobody else knows to be theirs; how many
-- sessions they want at most; and, once it is decided, when it was their turn and by what.
create table round_entry (
    bank_id       uuid not null,
    round_id      uuid not null,
    clinician_id  uuid not null,
    ticket        text not null,
    most          smallint,
    had_minutes   bigint,
    lot           text,
    turn          integer,
    primary key (bank_id, round_id, clinician_id),
    foreign key (bank_id, round_id) references round (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint round_entry_ticket_once unique (bank_id, round_id, ticket),
    constraint round_entry_turn_once unique (bank_id, round_id, turn),
    constraint round_entry_most check (most between 1 and 99),
    constraint round_entry_turn check (num_nulls(had_minutes, lot, turn) in (0, 3))
);

-- A request that gathers in a round has it by name, and in which order its clinician wants it:
--
--   waiting ──▶ proposed    the round gives it to them, and the practice confirms, declines, or lets it lapse
--           ──▶ not_given   the round gives it to somebody else: why, in a sentence
alter table request
    add column round_id uuid,
    add column choice smallint not null default 1,
    add column asked_by integer,
    add constraint request_round foreign key (bank_id, round_id) references round (bank_id, id),
    add constraint request_choice check (choice between 1 and 99);
alter table request drop constraint request_state, drop constraint request_settled, drop constraint request_reason;
alter table request
    add constraint request_state check (state in
        ('waiting', 'proposed', 'accepted', 'declined', 'withdrawn', 'ended', 'not_given')),
    add constraint request_settled check ((state in ('waiting', 'proposed')) = (settled_at is null)),
    add constraint request_reason check ((state in ('declined', 'ended', 'not_given')) = (reason is not null)),
    add constraint request_decided_in_a_round check (state not in ('proposed', 'not_given') or round_id is not null);
-- Nobody waits twice for one session.
drop index request_waits_once;
create unique index request_waits_once on request (bank_id, session_id, clinician_id)
    where state in ('waiting', 'proposed');
drop index request_waiting_idx;
create index request_waiting_idx on request (bank_id, session_id) where state in ('waiting', 'proposed');
-- Serve: what gathers in a round, and what waits to be confirmed.
create index request_round_idx on request (bank_id, round_id) where state in ('waiting', 'proposed');

-- Whose a round is, which anybody may read.
create function bank_of_round(of_round uuid) returns uuid
    language plpgsql stable parallel safe set locumbank.reach = 'service' as $$
begin
    return (select r.bank_id from round r where r.id = of_round);
end $$;

insert into event_kind (code) values ('request_proposed'), ('request_not_given');
alter table event add constraint event_about_round check (
    kind not in ('request_proposed', 'request_not_given')
    or num_nulls(session_id, clinician_id) = 0
       and num_nonnulls(offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event validate constraint event_about_round;

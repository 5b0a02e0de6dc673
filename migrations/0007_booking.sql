-- A session held for one clinician until a time. The link's token is stored hashed.
create table offer (
    bank_id                uuid not null,
    id                     uuid not null,
    session_id             uuid not null,
    place_no               smallint not null,
    clinician_id           uuid not null,
    plan_id                uuid,
    rate_pence_per_hour    integer not null,
    pay_pence              integer not null,
    road_metres            integer not null,
    state                  text not null default 'open',
    token_hash             bytea not null,
    offered_by             uuid references account (id),
    offered_at             timestamptz not null,
    expires_at             timestamptz not null,
    answered_at            timestamptz,
    answer_reason          text,
    primary key (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    foreign key (bank_id, plan_id) references plan (bank_id, id),
    constraint offer_pair_key unique (bank_id, id, session_id, clinician_id, rate_pence_per_hour),
    constraint offer_token_key unique (token_hash),
    constraint offer_token_hash_length check (length(token_hash) = 32),
    constraint offer_state check (state in ('open', 'accepted', 'declined', 'withdrawn', 'lapsed')),
    constraint offer_answered_facts check ((state = 'open') = (answered_at is null)),
    constraint offer_expires_later check (expires_at > offered_at),
    constraint offer_amounts check (place_no >= 1 and rate_pence_per_hour > 0 and pay_pence >= 0 and road_metres >= 0)
);
-- A place has at most one live offer, and so has a clinician in a session.
create unique index offer_live_place_key on offer (bank_id, session_id, place_no) where state = 'open';
create unique index offer_live_clinician_key on offer (bank_id, session_id, clinician_id) where state = 'open';
-- Serves: a clinician's offers; offers about to lapse; the offers of a session.
create index offer_clinician_idx on offer (bank_id, clinician_id, offered_at desc);
create index offer_open_expiry_idx on offer (expires_at) where state = 'open';
create index offer_session_idx on offer (bank_id, session_id);

-- An agreed session and clinician at an agreed rate.
create table booking (
    bank_id                uuid not null,
    id                     uuid not null,
    session_id             uuid not null,
    practice_id            uuid not null,
    place_no               smallint not null,
    session_places         smallint not null,
    starts_at              timestamptz not null,
    ends_at                timestamptz not null,
    during                 tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
    clinician_id           uuid not null,
    account_id             uuid not null,
    role                   text not null,
    engagement             text not null,
    rate_pence_per_hour    integer not null,
    pay_pence              integer not null,
    rate_range_id          uuid not null,
    rate_exception_id      uuid,
    clearance_id           uuid not null,
    cleared_until          date not null,
    way_in                 text not null,
    offer_id               uuid,
    state                  text not null default 'live',
    made_by                uuid not null references account (id),
    made_at                timestamptz not null,
    cancelled_by           uuid references account (id),
    cancelled_at           timestamptz,
    cancelled_side         text,
    cancel_reason          text,
    calendar_sequence      integer not null default 0,
    primary key (bank_id, id),
    foreign key (bank_id, session_id, session_places) references session (bank_id, id, places) on update cascade,
    foreign key (bank_id, session_id, starts_at, ends_at) references session (bank_id, id, starts_at, ends_at) on update cascade,
    foreign key (bank_id, session_id, practice_id) references session (bank_id, id, practice_id),
    foreign key (bank_id, clinician_id, account_id) references clinician (bank_id, id, account_id),
    foreign key (bank_id, rate_range_id) references rate_range (bank_id, id),
    foreign key (bank_id, rate_exception_id) references rate_exception (bank_id, id),
    foreign key (bank_id, clearance_id, clinician_id, role, cleared_until)
        references clearance (bank_id, id, clinician_id, role, cleared_until),
    foreign key (bank_id, offer_id, session_id, clinician_id, rate_pence_per_hour)
        references offer (bank_id, id, session_id, clinician_id, rate_pence_per_hour),
    constraint booking_state check (state in ('live', 'cancelled')),
    constraint booking_engagement check (engagement in ('employed', 'self_employed')),
    constraint booking_way_in check (way_in in ('offer', 'request', 'administrator')),
    constraint booking_cancelled_facts check (
        (state = 'cancelled') = (cancelled_at is not null)
        and (state = 'cancelled') = (cancelled_side is not null)
        and (state = 'cancelled') = (cancel_reason is not null)),
    constraint booking_cancelled_side check (cancelled_side in ('practice', 'clinician', 'bank')),
    -- Never-event 1, with the index below: no more live bookings than places.
    constraint booking_place_exists check (state <> 'live' or place_no between 1 and session_places),
    constraint booking_amounts check (rate_pence_per_hour > 0 and pay_pence >= 0),
    -- Never-event 2: nobody is booked in two places at once, in any bank. Touching sessions are allowed.
    constraint booking_clinician_once_at_a_time exclude using gist (account_id with =, during with &&) where (state = 'live')
);
create unique index booking_place_once on booking (bank_id, session_id, place_no) where state = 'live';
create unique index booking_offer_once on booking (bank_id, offer_id) where offer_id is not null;
-- Serves: a clinician's diary; a practice's bookings; the bookings of a session.
create index booking_clinician_idx on booking (bank_id, clinician_id, starts_at);
create index booking_practice_idx on booking (bank_id, practice_id, starts_at);
create index booking_session_idx on booking (bank_id, session_id);
-- Serves: reminders of bookings that are about to begin.
create index booking_live_start_idx on booking (starts_at) where state = 'live';

create table booking_event (
    bank_id      uuid not null,
    id           uuid not null,
    booking_id   uuid not null,
    kind         text not null,
    at           timestamptz not null,
    by_account   uuid references account (id),
    detail       jsonb not null default '{}',
    primary key (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint booking_event_kind check (kind in ('made', 'cancelled', 'changed', 'moved'))
);
create index booking_event_booking_idx on booking_event (bank_id, booking_id, at);

-- Never-event 3: no booking outside the range in force without an exception approved before it by another person.
create function booking_rate_is_allowed() returns trigger language plpgsql as $$
declare
    in_force rate_range;
begin
    select r.* into in_force
      from session s
      join rate_range r on r.bank_id = s.bank_id and r.role = new.role and r.band = s.band and r.valid_from <= s.local_date
     where s.bank_id = new.bank_id and s.id = new.session_id
     order by r.valid_from desc, r.position desc
     limit 1;
    if in_force.id is null or in_force.id <> new.rate_range_id then
        raise exception 'the rate range named is not the one in force'
            using errcode = 'check_violation', constraint = 'booking_rate_range_in_force', table = 'booking';
    end if;
    if new.rate_pence_per_hour < in_force.floor_pence_per_hour then
        raise exception 'the rate is below the floor of the range'
            using errcode = 'check_violation', constraint = 'booking_rate_above_floor', table = 'booking';
    end if;
    if new.rate_pence_per_hour > in_force.ceiling_pence_per_hour and not exists (
        select 1 from rate_exception e
         where e.bank_id = new.bank_id and e.id = new.rate_exception_id and e.session_id = new.session_id
           and e.approved_at <= new.made_at and e.approved_by <> e.requested_by
           and e.revoked_at is null and (e.expires_at is null or e.expires_at > new.made_at)
           and new.rate_pence_per_hour <= e.rate_max_pence_per_hour)
    then
        raise exception 'the rate is above the range and no exception allows it'
            using errcode = 'check_violation', constraint = 'booking_rate_within_range', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_rate_is_allowed before insert or update of rate_pence_per_hour, rate_range_id, rate_exception_id, role
    on booking for each row execute function booking_rate_is_allowed();

-- Never-event 4: no booking whose clearance ends before the session does, neither when it is made nor when its
-- session is moved, which moves its bookings with it.
create function booking_clearance_covers() returns trigger language plpgsql as $$
declare
    newest clearance;
    last_day date;
begin
    if new.state <> 'live' then
        return new;
    end if;
    select local_end_date into last_day from session where bank_id = new.bank_id and id = new.session_id;
    select c.* into newest from clearance c
     where c.bank_id = new.bank_id and c.clinician_id = new.clinician_id and c.role = new.role
     order by c.position desc limit 1;
    if newest.id is null or newest.cleared_until < last_day
       -- A clearance that was renewed since covers what was agreed under the one before.
       or (tg_op = 'INSERT' and newest.id <> new.clearance_id)
    then
        raise exception 'the clearance in force does not cover the session'
            using errcode = 'check_violation', constraint = 'booking_clearance_covers', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_clearance_covers before insert or update of starts_at, ends_at on booking
    for each row execute function booking_clearance_covers();

-- What a booking was agreed under, its date and its band, stays while the booking counts: only the hours move.
create function session_keeps_its_day_while_booked() returns trigger language plpgsql as $$
begin
    if exists (select 1 from booking b where b.bank_id = new.bank_id and b.session_id = new.id and b.state = 'live') then
        raise exception 'somebody is booked for that day and band'
            using errcode = 'check_violation', constraint = 'session_keeps_its_day_while_booked', table = 'session';
    end if;
    return new;
end $$;
create trigger session_keeps_its_day_while_booked before update of local_date, band, time_zone on session
    for each row when (row(new.local_date, new.band, new.time_zone) is distinct from row(old.local_date, old.band, old.time_zone))
    execute function session_keeps_its_day_while_booked();

-- The other side of never-event 4: a clearance can't be shortened under a live booking, unless the same
-- transaction cancels it. Checked at commit.
create function clearance_leaves_no_booking_uncovered() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from booking b join session s on s.bank_id = b.bank_id and s.id = b.session_id
         where b.bank_id = new.bank_id and b.clinician_id = new.clinician_id and b.role = new.role
           and b.state = 'live' and b.starts_at > new.decided_at and s.local_end_date > new.cleared_until)
       and not exists (
        select 1 from clearance c
         where c.bank_id = new.bank_id and c.clinician_id = new.clinician_id and c.role = new.role and c.position > new.position)
    then
        raise exception 'a live booking would be left without clearance'
            using errcode = 'check_violation', constraint = 'clearance_leaves_no_booking_uncovered', table = 'clearance';
    end if;
    return null;
end $$;
create constraint trigger clearance_leaves_no_booking_uncovered after insert on clearance
    deferrable initially deferred for each row execute function clearance_leaves_no_booking_uncovered();
create function row_is_never_changed() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only', table = tg_table_name;
end $$;
create trigger clearance_append_only before update or delete on clearance
    for each row execute function row_is_never_changed();
create trigger rate_range_append_only before update or delete on rate_range
    for each row execute function row_is_never_changed();

-- What happened, for whoever counts it: one line an event, written by the action that made it happen, in its
-- transaction. Rows are added, never changed. The subjects are ids; detail holds the facts of the kind as they were
-- then (ground/events), and no names.
create table event (
    bank_id          uuid not null references bank (id),
    position         bigint generated always as identity,
    kind             text not null,
    at               timestamptz not null,
    account_id       uuid references account (id),
    session_id       uuid,
    clinician_id     uuid,
    offer_id         uuid,
    booking_id       uuid,
    membership_id    uuid,
    clearance_id     uuid,
    rate_range_id    uuid,
    detail           jsonb not null,
    primary key (bank_id, position),
    -- None to session and clinician: it would lock them, and whoever takes back the offers that a booking overtakes tells
    -- of sessions that others have locked while they wait for this clinician.
    foreign key (bank_id, offer_id) references offer (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    foreign key (bank_id, membership_id) references membership (bank_id, id),
    foreign key (bank_id, clearance_id) references clearance (bank_id, id),
    foreign key (bank_id, rate_range_id) references rate_range (bank_id, id),
    constraint event_detail check (jsonb_typeof(detail) = 'object'),
    -- Each kind names the records that it is about, and no others.
    constraint event_subjects check (case
        when kind in ('session_posted', 'session_changed', 'session_moved', 'session_withdrawn')
            then num_nulls(session_id) = 0
                 and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('offer_made', 'offer_declined', 'offer_lapsed', 'offer_withdrawn')
            then num_nulls(offer_id, session_id, clinician_id) = 0
                 and num_nonnulls(booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('booking_made', 'booking_changed', 'booking_moved', 'booking_cancelled')
            then num_nulls(booking_id, session_id, clinician_id) = 0
                 and num_nonnulls(offer_id, membership_id, clearance_id, rate_range_id) = 0
        when kind = 'person_joined'
            then num_nulls(membership_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, clearance_id, rate_range_id) = 0
        when kind in ('clinician_cleared', 'clearance_ended')
            then num_nulls(clinician_id, clearance_id) = 0
                 and num_nonnulls(session_id, offer_id, booking_id, membership_id, rate_range_id) = 0
        when kind = 'range_published'
            then num_nulls(rate_range_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id) = 0
        else false
    end)
);
-- Serve: what happened in a span of time, by kind; the story of a session, of a clinician, of a booking.
create index event_kind_idx on event (bank_id, kind, at);
create index event_session_idx on event (bank_id, session_id, position) where session_id is not null;
create index event_clinician_idx on event (bank_id, clinician_id, position) where clinician_id is not null;
create index event_booking_idx on event (bank_id, booking_id, position) where booking_id is not null;

-- An instant as the service writes it into a detail.
create function event_instant(instant timestamptz) returns text language sql immutable strict parallel safe
    return to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- What happened before there were events, from the records there are: the state of each record, and the log for what a
-- record does not keep. tests/it/actions_without_http/events.rs compares it with what the actions write of the same history.
insert into event (bank_id, kind, at, account_id, session_id, clinician_id, offer_id, booking_id, membership_id,
                   clearance_id, rate_range_id, detail)
select happened.bank_id, happened.kind, happened.at, happened.account_id, happened.session_id,
       happened.clinician_id, happened.offer_id, happened.booking_id, happened.membership_id,
       happened.clearance_id, happened.rate_range_id, happened.detail
  from (
    -- Whoever came by an invitation did it themselves.
    select m.bank_id, 'person_joined' as kind, m.created_at as at, i.account_id, null::uuid as session_id,
           null::uuid as clinician_id, null::uuid as offer_id, null::uuid as booking_id, m.id as membership_id,
           null::uuid as clearance_id, null::uuid as rate_range_id, jsonb_build_object('kind', m.kind) as detail,
           1 as step
      from membership m
      left join invitation i on i.bank_id = m.bank_id and i.membership_id = m.id and i.ended_at = m.created_at
    union all
    select r.bank_id, 'range_published', r.published_at, r.published_by, null, null, null, null, null, null, r.id,
           jsonb_build_object('role', r.role, 'band', r.band, 'valid_from', r.valid_from,
                              'floor_pence_per_hour', r.floor_pence_per_hour,
                              'ceiling_pence_per_hour', r.ceiling_pence_per_hour), 2
      from rate_range r
    union all
    select l.bank_id,
           case when l.cleared_until < (l.decided_at at time zone 'Europe/London')::date
                then 'clearance_ended' else 'clinician_cleared' end,
           l.decided_at, l.decided_by, null, l.clinician_id, null, null, null, l.id, null,
           jsonb_build_object('role', l.role, 'cleared_until', l.cleared_until), 3
      from clearance l
    union all
    -- The terms a session was posted with are in the log, where it has its posting; else as they are now.
    select s.bank_id, 'session_posted', s.posted_at, s.posted_by, s.id, null, null, null, null, null, null,
           jsonb_build_object(
                'starts_at', event_instant(coalesce((posted.detail ->> 'starts_at')::timestamptz, s.starts_at)),
                'ends_at', event_instant(coalesce((posted.detail ->> 'ends_at')::timestamptz, s.ends_at)),
                'places', coalesce(posted.detail -> 'places', to_jsonb(s.places)),
                'rate_min_pence_per_hour',
                    coalesce(posted.detail -> 'rate_min_pence_per_hour', to_jsonb(s.rate_min_pence_per_hour)),
                'rate_max_pence_per_hour',
                    coalesce(posted.detail -> 'rate_max_pence_per_hour', to_jsonb(s.rate_max_pence_per_hour))), 4
      from session s
      left join audit_event posted
        on posted.bank_id = s.bank_id and posted.subject_id = s.id and posted.action = 'session.posted'
    union all
    select s.bank_id, 'session_withdrawn', s.withdrawn_at, gone.account_id, s.id, null, null, null, null, null, null,
           '{}', 8
      from session s
      left join audit_event gone
        on gone.bank_id = s.bank_id and gone.subject_id = s.id and gone.action = 'session.withdrawn'
     where s.state = 'withdrawn'
    union all
    select e.bank_id, case e.action when 'session.moved' then 'session_moved' else 'session_changed' end, e.at,
           e.account_id, e.subject_id, null, null, null, null, null, null,
           case e.action when 'session.moved'
                then jsonb_build_object('from', event_instant((e.detail ->> 'from')::timestamptz),
                                        'until', event_instant((e.detail ->> 'until')::timestamptz),
                                        'starts_at', event_instant((e.detail ->> 'starts_at')::timestamptz),
                                        'ends_at', event_instant((e.detail ->> 'ends_at')::timestamptz))
                else e.detail end, 7
      from audit_event e
     where e.action in ('session.changed', 'session.moved')
    union all
    select o.bank_id, 'offer_made', o.offered_at, o.offered_by, o.session_id, o.clinician_id, o.id, null, null, null,
           null, jsonb_build_object('rate_pence_per_hour', o.rate_pence_per_hour), 5
      from offer o
    union all
    select o.bank_id, 'offer_' || o.state, o.answered_at, answered.account_id, o.session_id, o.clinician_id, o.id,
           null, null, null, null, '{}', 6
      from offer o
      left join audit_event answered
        on answered.bank_id = o.bank_id and answered.subject_id = o.id and answered.action = 'offer.' || o.state
     where o.state in ('declined', 'lapsed', 'withdrawn')
    union all
    select b.bank_id, 'booking_made', b.made_at, b.made_by, b.session_id, b.clinician_id, null, b.id, null, null, null,
           jsonb_build_object('way_in', b.way_in, 'rate_pence_per_hour', b.rate_pence_per_hour), 7
      from booking b
    union all
    select b.bank_id, 'booking_cancelled', b.cancelled_at, b.cancelled_by, b.session_id, b.clinician_id, null, b.id, null,
           null, null, jsonb_build_object('side', b.cancelled_side), 8
      from booking b
     where b.state = 'cancelled'
    union all
    select e.bank_id, case e.action when 'booking.moved' then 'booking_moved' else 'booking_changed' end, e.at,
           e.account_id, b.session_id, b.clinician_id, null, b.id, null, null, null,
           case e.action when 'booking.moved'
                then jsonb_build_object('from', event_instant((e.detail ->> 'from')::timestamptz),
                                        'until', event_instant((e.detail ->> 'until')::timestamptz))
                else '{}' end, 8
      from audit_event e
      join booking b on b.bank_id = e.bank_id and b.id = e.subject_id
     where e.action in ('booking.changed', 'booking.moved')
  ) happened
 order by happened.at, happened.step, happened.session_id, happened.offer_id, happened.booking_id;

create trigger event_append_only before update or delete on event
    for each row execute function row_is_never_changed();
create trigger event_no_truncate before truncate on event
    for each statement execute function row_is_never_changed();

-- A clinician asks for a session. A request waits until the practice answers it, the clinician takes it back, or the
-- session wants nobody any more:
--
--   waiting ──▶ accepted    its booking is named
--           ──▶ declined    with a reason from the list, which the clinician reads
--           ──▶ withdrawn   by the clinician
--           ──▶ ended       the session was filled, withdrawn or has begun
create table request (
    bank_id       uuid not null references bank (id),
    id            uuid not null,
    session_id    uuid not null,
    clinician_id  uuid not null,
    state         text not null default 'waiting',
    note          text not null default '',
    requested_at  timestamptz not null,
    settled_at    timestamptz,
    settled_by    uuid references account (id),
    reason        text,
    booking_id    uuid,
    primary key (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint request_state check (state in ('waiting', 'accepted', 'declined', 'withdrawn', 'ended')),
    constraint request_note check (char_length(note) <= 300),
    constraint request_settled check ((state = 'waiting') = (settled_at is null)),
    constraint request_booking check ((state = 'accepted') = (booking_id is not null)),
    constraint request_reason check ((state in ('declined', 'ended')) = (reason is not null))
);
-- Nobody waits twice for one session.
create unique index request_waits_once on request (bank_id, session_id, clinician_id) where state = 'waiting';
-- Serve: a clinician's own; those of a booking.
create index request_clinician_idx on request (bank_id, clinician_id, requested_at);
create index request_booking_idx on request (bank_id, booking_id) where booking_id is not null;
-- Serve: whose session wants nobody any more, over all banks.
create index request_waiting_idx on request (bank_id, session_id) where state = 'waiting';

-- Serve: sessions to come that clinicians look through, by date.
create index session_to_come_idx on session (bank_id, starts_at) where state = 'open';

alter table event drop constraint event_subjects;
alter table event add constraint event_subjects check (case
        when kind in ('session_posted', 'session_changed', 'session_moved', 'session_withdrawn')
            then num_nulls(session_id) = 0
                 and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('request_made', 'request_declined', 'request_withdrawn', 'request_ended')
            then num_nulls(session_id, clinician_id) = 0
                 and num_nonnulls(offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('offer_made', 'offer_declined', 'offer_lapsed', 'offer_withdrawn')
            then num_nulls(offer_id, session_id, clinician_id) = 0
                 and num_nonnulls(booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('booking_made', 'booking_changed', 'booking_moved', 'booking_cancelled')
            then num_nulls(booking_id, session_id, clinician_id) = 0
                 and num_nonnulls(offer_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('person_joined', 'person_left')
            then num_nulls(membership_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, clearance_id, rate_range_id) = 0
        when kind in ('clinician_cleared', 'clearance_ended')
            then num_nulls(clinician_id, clearance_id) = 0
                 and num_nonnulls(session_id, offer_id, booking_id, membership_id, rate_range_id) = 0
        when kind = 'range_published'
            then num_nulls(rate_range_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id) = 0
        else false
    end) not valid;
alter table event validate constraint event_subjects;

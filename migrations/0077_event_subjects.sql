-- The kinds of event, and what each group of them is about, one constraint a group: a migration that brings kinds names
-- them here and brings their constraint, and restates nobody else's. tests/it/actions_without_http/events.rs fails for a
-- kind that no constraint binds.
alter table event drop constraint event_subjects;

create table event_kind (
    code text primary key
);
insert into event_kind (code)
values ('session_posted'), ('session_changed'), ('session_moved'), ('session_withdrawn'),
       ('request_made'), ('request_declined'), ('request_withdrawn'), ('request_ended'),
       ('offer_made'), ('offer_declined'), ('offer_lapsed'), ('offer_withdrawn'),
       ('booking_made'), ('booking_changed'), ('booking_moved'), ('booking_cancelled'),
       ('person_joined'), ('person_left'), ('clinician_cleared'), ('clearance_ended'), ('range_published');

-- A foreign key would lock the kind's row in every transaction that tells of one, and all of them tell of the same few.
create function event_kind_is_known() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from event_kind known where known.code = new.kind) then
        raise exception 'no kind of event is named %', new.kind
            using errcode = 'check_violation', constraint = 'event_kind_known', table = 'event';
    end if;
    return new;
end
$$;
create trigger event_kind_known before insert on event
    for each row execute function event_kind_is_known();

alter table event add constraint event_about_session check (
    kind not in ('session_posted', 'session_changed', 'session_moved', 'session_withdrawn')
    or num_nulls(session_id) = 0
       and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_request check (
    kind not in ('request_made', 'request_declined', 'request_withdrawn', 'request_ended')
    or num_nulls(session_id, clinician_id) = 0
       and num_nonnulls(offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_offer check (
    kind not in ('offer_made', 'offer_declined', 'offer_lapsed', 'offer_withdrawn')
    or num_nulls(offer_id, session_id, clinician_id) = 0
       and num_nonnulls(booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_booking check (
    kind not in ('booking_made', 'booking_changed', 'booking_moved', 'booking_cancelled')
    or num_nulls(booking_id, session_id, clinician_id) = 0
       and num_nonnulls(offer_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_membership check (
    kind not in ('person_joined', 'person_left')
    or num_nulls(membership_id) = 0
       and num_nonnulls(session_id, clinician_id, offer_id, booking_id, clearance_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_clearance check (
    kind not in ('clinician_cleared', 'clearance_ended')
    or num_nulls(clinician_id, clearance_id) = 0
       and num_nonnulls(session_id, offer_id, booking_id, membership_id, rate_range_id) = 0) not valid;
alter table event add constraint event_about_rate_range check (
    kind not in ('range_published')
    or num_nulls(rate_range_id) = 0
       and num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id) = 0) not valid;

alter table event validate constraint event_about_session;
alter table event validate constraint event_about_request;
alter table event validate constraint event_about_offer;
alter table event validate constraint event_about_booking;
alter table event validate constraint event_about_membership;
alter table event validate constraint event_about_clearance;
alter table event validate constraint event_about_rate_range;

-- What a practice owes when it cancels: a booking keeps the steps that were in force when it was made, so that a later
-- decision of the bank does not touch it, and, once cancelled, what fell due. Bookings from before owe nothing.
alter table booking
    add column fee_steps jsonb not null default '[]',
    add column cancel_fee_pence integer not null default 0;
alter table booking add constraint booking_cancel_fee check (
    cancel_fee_pence between 0 and pay_pence
    and (cancel_fee_pence = 0 or (state = 'cancelled' and cancelled_side = 'practice'))) not valid;
alter table booking validate constraint booking_cancel_fee;

-- A booking that counts, with what cancelling it would cost.
create or replace view live_booking with (security_invoker = true) as
select b.bank_id, b.id, b.session_id, b.practice_id, b.place_no, b.starts_at, b.ends_at, b.during, b.clinician_id,
       b.account_id, b.role, b.engagement, b.rate_pence_per_hour, b.pay_pence, b.offer_id, b.made_at, b.calendar_sequence,
       b.fee_steps
  from booking b
 where b.state = 'live';

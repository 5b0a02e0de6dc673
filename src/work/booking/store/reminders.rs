//! SQL of what people are reminded of: open offers about to lapse, bookings about to begin. Each is listed until its
//! reminder is in the outbox, and locked, so that it is not answered or cancelled between.

use chrono::TimeDelta;

use super::bookings::BookingRow;
use super::offers::OfferRow;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::PlanId;
use crate::work::booking::Booking;
use crate::work::booking::messages::{BOOKING_REMINDER_CLINICIAN, OFFER_LAPSING};
use crate::work::booking::offer::Offer;

/// When a clinician is reminded of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferReminder {
    /// An offer that stood for less than this in all needs none: it came only just now.
    pub stands_at_least: TimeDelta,
    /// The reminder comes when a quarter of the time to answer is left, but no sooner than this before the end.
    pub before_end_at_most: TimeDelta,
    /// Nobody is reminded before the first of these hours of the bank's clock, nor at the second or after it, where the bank
    /// has decided nothing else.
    pub between_hours: (i32, i32),
}

/// Up to `most` open offers whose reminder is due and not written, those of one person together. One that somebody is
/// answering at this moment is left out.
pub async fn list_offers_to_remind_of(
    tx: &mut Tx,
    rule: OfferReminder,
    most: i64,
) -> Result<Vec<Offer>, DbError> {
    let now = tx.now();
    let rows: Vec<OfferRow> = sqlx::query_as(
        "select o.bank_id, o.id, o.session_id, o.place_no, o.clinician_id, o.rate_pence_per_hour, o.pay_pence,
                o.road_metres, o.state, o.offered_at, o.expires_at, o.answered_at, o.answer_reason
           from offer o
           join bank k on k.id = o.bank_id
           left join bank_rule_in_force h on h.bank_id = o.bank_id and h.section = 'answers'
          where o.state = 'open' and o.expires_at > $1::timestamptz and o.expires_at <= $1::timestamptz + $3::interval
            and o.expires_at - o.offered_at >= $2::interval
            and o.expires_at - (o.expires_at - o.offered_at) / 4 <= $1
            and extract(hour from $1::timestamptz at time zone k.time_zone) >= coalesce((h.value ->> 'told_from_hour')::integer, $6)
            and extract(hour from $1::timestamptz at time zone k.time_zone) < coalesce((h.value ->> 'until_hour')::integer, $7)
            and not exists (select 1 from mail m
                             where m.bank_id = o.bank_id and m.offer_id = o.id and m.kind = $5)
          order by o.clinician_id, o.id
          limit $4
            for update of o skip locked",
    )
    .bind(now)
    .bind(rule.stands_at_least)
    .bind(rule.before_end_at_most)
    .bind(most)
    .bind(OFFER_LAPSING.name)
    .bind(rule.between_hours.0)
    .bind(rule.between_hours.1)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing offers that are about to lapse"))?;
    Ok(rows.into_iter().map(Offer::from).collect())
}

/// The open offers of a plan of which nobody was reminded, those of one person together, locked until the transaction ends.
pub async fn lock_unreminded_of_plan(tx: &mut Tx, plan: PlanId) -> Result<Vec<Offer>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let rows: Vec<OfferRow> = sqlx::query_as(
        "select o.bank_id, o.id, o.session_id, o.place_no, o.clinician_id, o.rate_pence_per_hour, o.pay_pence,
                o.road_metres, o.state, o.offered_at, o.expires_at, o.answered_at, o.answer_reason
           from offer o
          where o.bank_id = $1 and o.plan_id = $2 and o.state = 'open' and o.expires_at > $3
            and not exists (select 1 from mail m
                             where m.bank_id = o.bank_id and m.offer_id = o.id and m.kind = $4)
          order by o.clinician_id, o.id
            for update of o",
    )
    .bind(bank)
    .bind(plan)
    .bind(now)
    .bind(OFFER_LAPSING.name)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the offers of a plan that nobody was reminded of"))?;
    Ok(rows.into_iter().map(Offer::from).collect())
}

/// When both sides are reminded of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookingReminder {
    /// So long before the session starts.
    pub before_start: TimeDelta,
    /// After a downtime, no later than so long before the session starts.
    pub before_start_at_least: TimeDelta,
    /// Nobody needs a reminder of what was agreed less than this before the reminder.
    pub agreed_before: TimeDelta,
    /// Nobody is reminded before the first of these hours of the bank's clock, nor at the second or after it, where the bank
    /// has decided nothing else.
    pub between_hours: (i32, i32),
}

/// Up to `most` live bookings whose reminder is due and not written, those of one practice together. One that somebody is
/// cancelling at this moment is left out.
pub async fn list_bookings_to_remind_of(
    tx: &mut Tx,
    rule: BookingReminder,
    most: i64,
) -> Result<Vec<Booking>, DbError> {
    let now = tx.now();
    let rows: Vec<BookingRow> = sqlx::query_as(
        "select b.bank_id, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour, b.pay_pence, b.fee_steps, b.made_at,
                b.cancel_fee_pence, b.cancelled_at, b.cancelled_side, b.cancel_reason, b.calendar_sequence,
                b.organiser_name, b.organiser_address
           from booking b
           join bank k on k.id = b.bank_id
           left join bank_rule_in_force h on h.bank_id = b.bank_id and h.section = 'answers'
          where b.state = 'live' and b.starts_at > $1::timestamptz + $3::interval and b.starts_at <= $1::timestamptz + $2::interval
            and b.made_at <= b.starts_at - $2::interval - $4::interval
            and extract(hour from $1::timestamptz at time zone k.time_zone) >= coalesce((h.value ->> 'told_from_hour')::integer, $7)
            and extract(hour from $1::timestamptz at time zone k.time_zone) < coalesce((h.value ->> 'until_hour')::integer, $8)
            and not exists (select 1 from mail m
                             where m.bank_id = b.bank_id and m.booking_id = b.id and m.kind = $6)
          order by b.practice_id, b.clinician_id, b.id
          limit $5
            for update of b skip locked",
    )
    .bind(now)
    .bind(rule.before_start)
    .bind(rule.before_start_at_least)
    .bind(rule.agreed_before)
    .bind(most)
    .bind(BOOKING_REMINDER_CLINICIAN.name)
    .bind(rule.between_hours.0)
    .bind(rule.between_hours.1)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing bookings that are about to begin"))?;
    Ok(rows.into_iter().map(Booking::from).collect())
}

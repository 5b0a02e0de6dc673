//! SQL of the addresses at which calendars fetch, and of what they are given.

use chrono::{DateTime, Utc};

use super::bookings::BookingRow;
use super::offers::OfferRow;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{CalendarFeedId, ClinicianId};
use crate::work::booking::Booking;
use crate::work::booking::offer::Offer;

/// The clinician whose feed it is, with the name of their role; none where it has ended, or they act in the bank no more.
pub async fn find_feed(tx: &mut Tx, feed: CalendarFeedId) -> Result<Option<(ClinicianId, String)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id, r.name
           from calendar_feed f
           join clinician c on c.bank_id = f.bank_id and c.id = f.clinician_id
           join membership m on m.bank_id = c.bank_id and m.id = c.membership_id and m.ended_at is null
           join account a on a.id = c.account_id and a.disabled_at is null
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
          where f.bank_id = $1 and f.id = $2 and f.ended_at is null",
    )
    .bind(bank)
    .bind(feed)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the feed of a calendar"))
}

/// The feed of a clinician that counts.
pub async fn find_feed_of(tx: &mut Tx, clinician: ClinicianId) -> Result<Option<CalendarFeedId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select id from calendar_feed where bank_id = $1 and clinician_id = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a clinician's feed"))
}

/// Adds a feed; false where the clinician has one.
pub async fn insert_feed(tx: &mut Tx, feed: CalendarFeedId, clinician: ClinicianId) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "insert into calendar_feed (bank_id, id, clinician_id, made_at) values ($1, $2, $3, $4)
             on conflict (bank_id, clinician_id) where ended_at is null do nothing",
    )
    .bind(bank)
    .bind(feed)
    .bind(clinician)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding the feed of a calendar"))?;
    Ok(done.rows_affected() == 1)
}

/// Ends the feed of a clinician; false where there was none.
pub async fn mark_feed_ended(tx: &mut Tx, clinician: ClinicianId) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update calendar_feed set ended_at = $3 where bank_id = $1 and clinician_id = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending the feed of a calendar"))?;
    Ok(done.rows_affected() == 1)
}

/// What a clinician is or was booked for since a moment, cancelled or not, by start.
pub async fn list_bookings_since(
    tx: &mut Tx,
    clinician: ClinicianId,
    since: DateTime<Utc>,
) -> Result<Vec<Booking>, DbError> {
    let bank = tx.bank();
    let rows: Vec<BookingRow> = sqlx::query_as(
        "select bank_id, id, session_id, clinician_id, rate_pence_per_hour, pay_pence, fee_steps, made_at, cancelled_at,
                cancel_fee_pence, cancelled_side, cancel_reason, calendar_sequence, organiser_name, organiser_address
           from booking
          where bank_id = $1 and clinician_id = $2 and starts_at > $3
          order by starts_at, id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(since)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a calendar shows as booked"))?;
    Ok(rows.into_iter().map(Booking::from).collect())
}

/// The offers that a clinician can answer now, by when they lapse.
pub async fn list_answerable_of(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<Offer>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let rows: Vec<OfferRow> = sqlx::query_as(
        "select bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres, state,
                offered_at, expires_at, answered_at, answer_reason
           from offer
          where bank_id = $1 and clinician_id = $2 and state = 'open' and expires_at > $3
          order by expires_at, id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a calendar shows as offered"))?;
    Ok(rows.into_iter().map(Offer::from).collect())
}

//! SQL of the bookings and offers that rely on facts about people.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::facts::ReliantBooking;
use crate::ground::id::{BookingId, ClinicianId, OfferId, PracticeId, SessionId};

/// The live bookings of a clinician in `role` that begin after `now` and whose last date is later than `until`,
/// by start.
pub async fn list_uncovered_bookings(
    tx: &mut Tx,
    clinician: ClinicianId,
    role: &str,
    until: NaiveDate,
) -> Result<Vec<ReliantBooking>, DbError> {
    type Row = (BookingId, SessionId, String, DateTime<Utc>, DateTime<Utc>);
    let bank = tx.bank();
    let now = tx.now();
    let rows: Vec<Row> = sqlx::query_as(
        "select b.id, b.session_id, p.name, b.starts_at, b.ends_at
           from live_booking b
           join session s on s.bank_id = b.bank_id and s.id = b.session_id
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
          where b.bank_id = $1 and b.clinician_id = $2 and b.role = $3 and b.starts_at > $5
            and s.last_date > $4
          order by b.starts_at, b.id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(role)
    .bind(until)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the bookings a clearance would not cover"))?;
    let booking = |(id, session, practice_name, starts_at, ends_at): Row| ReliantBooking {
        id,
        session,
        practice_name,
        starts_at,
        ends_at,
    };
    Ok(rows.into_iter().map(booking).collect())
}

/// The open offers to a clinician for sessions whose last date is later than `until`, with their sessions.
pub async fn list_uncovered_offers(
    tx: &mut Tx,
    clinician: ClinicianId,
    until: NaiveDate,
) -> Result<Vec<(OfferId, SessionId)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select o.id, o.session_id
           from open_offer o join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.bank_id = $1 and o.clinician_id = $2 and s.last_date > $3
          order by o.id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the offers a clearance would not cover"))
}

/// The open offers a clinician holds of a practice's sessions.
pub async fn list_open_offers(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<Vec<(OfferId, SessionId)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select o.id, o.session_id
           from open_offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.bank_id = $1 and o.clinician_id = $3 and s.practice_id = $2
          order by o.id",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the offers a clinician holds of a practice"))
}

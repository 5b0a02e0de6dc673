//! SQL that locks what a booking hangs on: the session first, then the clinician, then the offer. Several of one kind
//! are locked in the order of their ids.

use super::offers::OfferRow;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, OfferId, SessionId};
use crate::work::booking::offer::Offer;

/// Locks these sessions until the transaction ends, and gives those that exist.
pub async fn lock_sessions(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<SessionId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select id from session where bank_id = $1 and id = any($2) order by id for update")
        .bind(bank)
        .bind(sessions)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("locking sessions"))
}

/// Locks these clinicians until the transaction ends, with what the same people are in other banks: a person is
/// booked in one place at a time, whichever bank books.
pub async fn lock_clinicians(
    tx: &mut Tx,
    clinicians: &[ClinicianId],
) -> Result<Vec<(BankId, ClinicianId)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as("select bank_id, id from lock_people($1, $2) order by bank_id, id")
        .bind(bank)
        .bind(clinicians)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("locking clinicians"))
}

/// Locks an offer until the transaction ends, and gives it as it then stands.
pub async fn lock_offer(tx: &mut Tx, offer: OfferId) -> Result<Option<Offer>, DbError> {
    let bank = tx.bank();
    let row: Option<OfferRow> = sqlx::query_as(
        "select bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres, state,
                offered_at, expires_at, answered_at, answer_reason
           from offer
          where bank_id = $1 and id = $2
            for update",
    )
    .bind(bank)
    .bind(offer)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("locking an offer"))?;
    Ok(row.map(Offer::from))
}

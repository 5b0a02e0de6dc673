//! SQL that locks what a booking hangs on: the session first, then the clinician, then the offer. Several of one kind
//! are locked in the order of their ids.

use chrono::{DateTime, Utc};

use super::offers::OfferRow;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, ClinicianId, OfferId, SessionId};
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

/// What a new booking leaves without purpose: locks the open offers of the session, where `is_filled`, and those
/// that its person holds anywhere for a time that overlaps it.
#[derive(Debug, Clone, Copy)]
pub struct Overtaken {
    /// The bank of the session.
    pub bank: BankId,
    /// The session that was booked.
    pub session: SessionId,
    /// Whether none of its places is left.
    pub is_filled: bool,
    /// The person who was booked.
    pub account: AccountId,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Locks the open offers that a new booking overtakes, and gives each with its bank and session.
pub async fn lock_overtaken_offers(
    tx: &mut Tx,
    by: &Overtaken,
) -> Result<Vec<(BankId, OfferId, SessionId)>, DbError> {
    sqlx::query_as(
        "select bank_id, id, session_id from lock_overtaken_offers($1, $2, $3, $4, tstzrange($5, $6)) order by id",
    )
    .bind(by.bank)
    .bind(by.session)
    .bind(by.is_filled)
    .bind(by.account)
    .bind(by.starts_at)
    .bind(by.ends_at)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("locking the offers a booking overtakes"))
}

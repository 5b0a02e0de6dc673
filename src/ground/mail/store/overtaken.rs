//! SQL of mail that events have overtaken: a reminder of what was answered or cancelled before the reminder left.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ground::db::{DbError, failed};
use crate::ground::id::{BankId, BookingId, OfferId};
use crate::ground::mail::kinds::MessageKind;

/// Drops the mails of these kinds about these offers that have certainly not been sent.
pub async fn mark_overtaken_of_offers(
    connection: &mut PgConnection,
    bank: BankId,
    offers: &[OfferId],
    kinds: &[&MessageKind],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "update mail set state = 'dropped', finished_at = $4, last_error = 'overtaken by events'
          where bank_id = $1 and offer_id = any($2) and kind = any($3) and state in ('pending', 'for_digest')",
    )
    .bind(bank)
    .bind(offers)
    .bind(names(kinds))
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("dropping mails about offers that events have overtaken"))?;
    Ok(())
}

/// Drops the mails of these kinds about this booking that have certainly not been sent.
pub async fn mark_overtaken_of_booking(
    connection: &mut PgConnection,
    bank: BankId,
    booking: BookingId,
    kinds: &[&MessageKind],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "update mail set state = 'dropped', finished_at = $4, last_error = 'overtaken by events'
          where bank_id = $1 and booking_id = $2 and kind = any($3) and state in ('pending', 'for_digest')",
    )
    .bind(bank)
    .bind(booking)
    .bind(names(kinds))
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("dropping mails about a booking that events have overtaken"))?;
    Ok(())
}

fn names(kinds: &[&MessageKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.name).collect()
}

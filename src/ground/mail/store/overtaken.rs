//! SQL of mail that events have overtaken: a reminder of what was answered or cancelled before the reminder left.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, OfferId};
use crate::ground::mail::kinds::MessageKind;

/// Drops the mails of these kinds about these offers that have certainly not been sent.
pub async fn mark_overtaken_of_offers(
    tx: &mut Tx,
    offers: &[OfferId],
    kinds: &[&MessageKind],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "update mail set state = 'dropped', finished_at = $4, last_error = 'overtaken by events'
          where bank_id = $1 and offer_id = any($2) and kind = any($3) and state in ('pending', 'for_digest')",
    )
    .bind(bank)
    .bind(offers)
    .bind(names(kinds))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("dropping mails about offers that events have overtaken"))?;
    Ok(())
}

/// Drops the mails of these kinds about this booking that have certainly not been sent.
pub async fn mark_overtaken_of_booking(
    tx: &mut Tx,
    booking: BookingId,
    kinds: &[&MessageKind],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "update mail set state = 'dropped', finished_at = $4, last_error = 'overtaken by events'
          where bank_id = $1 and booking_id = $2 and kind = any($3) and state in ('pending', 'for_digest')",
    )
    .bind(bank)
    .bind(booking)
    .bind(names(kinds))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("dropping mails about a booking that events have overtaken"))?;
    Ok(())
}

/// Drops the mail of this kind and deduplication key, where it has certainly not been sent.
pub async fn mark_overtaken_of_key(tx: &mut Tx, kind: &MessageKind, key: &str) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "update mail set state = 'dropped', finished_at = $4, last_error = 'overtaken by events'
          where bank_id = $1 and kind = $2 and dedup_key = $3 and state in ('pending', 'for_digest')",
    )
    .bind(bank)
    .bind(kind.name)
    .bind(key)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("dropping a mail that events have overtaken"))?;
    Ok(())
}

fn names(kinds: &[&MessageKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.name).collect()
}

/// Lets what waits for the morning leave at once: in an invented county nobody sleeps, whose mail would be read at night.
pub async fn hasten(tx: &mut Tx) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update mail set next_attempt_at = $2 where bank_id = $1 and state = 'pending' and next_attempt_at > $2",
    )
    .bind(bank)
    .bind(now)
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("letting mail leave before the morning"))
}

//! SQL that keeps what was said of what was worked: the only writer of its tables.

use serde_json::{Value, json};

use super::works::Work;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, SignOffId, WorkQueryId, WorkSaidId};
use crate::pay::worked::{Hours, NewSignOff, Outcome, Taken, Worth};

/// Locks these bookings, so that nobody else signs them off meanwhile.
pub async fn lock_bookings(tx: &mut Tx, bookings: &[BookingId]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("select id from booking where bank_id = $1 and id = any($2) order by id for update")
        .bind(bank)
        .bind(bookings)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("locking what is signed off"))?;
    Ok(())
}

/// Keeps sign-offs, each after the one that was seen of its booking.
pub async fn insert_sign_offs(tx: &mut Tx, signed: &[(&NewSignOff, Worth)]) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let rows: Vec<Value> = signed.iter().map(|(sign_off, worth)| row(sign_off, *worth)).collect();
    sqlx::query(
        "insert into work_sign_off (bank_id, id, booking_id, version, attended, starts_at, ends_at, break_minutes, extras,
                                    pay_pence, extras_pence, reason, signed_by, signed_at)
         select $1, n.id, n.booking_id, n.version, n.attended, n.starts_at, n.ends_at, n.break_minutes, n.extras,
                n.pay_pence, n.extras_pence, n.reason, $2, $3
           from jsonb_to_recordset($4) as n (id uuid, booking_id uuid, version integer, attended boolean,
                    starts_at timestamptz, ends_at timestamptz, break_minutes integer, extras jsonb, pay_pence integer,
                    extras_pence integer, reason text)",
    )
    .bind(bank)
    .bind(by)
    .bind(now)
    .bind(Value::Array(rows))
    .execute(tx.connection())
    .await
    .map_err(failed("keeping sign-offs"))?;
    Ok(())
}

fn row(sign_off: &NewSignOff, worth: Worth) -> Value {
    let (hours, extras) = match &sign_off.outcome {
        Outcome::Attended { hours, extras } => (Some(*hours), extras.as_slice()),
        Outcome::NotAttended => (None, &[][..]),
    };
    json!({
        "id": SignOffId::new(), "booking_id": sign_off.booking, "version": sign_off.seen_version + 1,
        "attended": hours.is_some(), "starts_at": hours.map(|it| it.starts_at), "ends_at": hours.map(|it| it.ends_at),
        "break_minutes": hours.map_or(0, |it| it.break_minutes), "extras": extras, "pay_pence": worth.pay_pence,
        "extras_pence": worth.extras_pence, "reason": sign_off.reason,
    })
}

/// Keeps what a clinician says they worked.
pub async fn insert_said(
    tx: &mut Tx,
    booking: BookingId,
    (hours, extras): (Hours, &[Taken]),
    note: &str,
) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into work_said (bank_id, id, booking_id, starts_at, ends_at, break_minutes, extras, note, said_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(bank)
    .bind(WorkSaidId::new())
    .bind(booking)
    .bind(hours.starts_at)
    .bind(hours.ends_at)
    .bind(hours.break_minutes)
    .bind(sqlx::types::Json(extras))
    .bind(note)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what a clinician says they worked"))?;
    Ok(())
}

/// Keeps a question about the sign-off that counts. False where one waits already.
pub async fn insert_query(tx: &mut Tx, work: &Work, question: &str) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "insert into work_query (bank_id, id, booking_id, version, question, asked_at)
         values ($1, $2, $3, $4, $5, $6)
             on conflict (bank_id, booking_id) where answered_at is null do nothing",
    )
    .bind(bank)
    .bind(WorkQueryId::new())
    .bind(work.id)
    .bind(work.version())
    .bind(question)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a question about a sign-off"))?;
    Ok(done.rows_affected() == 1)
}

/// Answers the questions that wait about these bookings. Gives how many.
pub async fn mark_answered(tx: &mut Tx, bookings: &[BookingId], answer: &str) -> Result<u64, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "update work_query set answer = $3, answered_by = $4, answered_at = $5
          where bank_id = $1 and booking_id = any($2) and answered_at is null",
    )
    .bind(bank)
    .bind(bookings)
    .bind(answer)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("answering questions about sign-offs"))?;
    Ok(done.rows_affected())
}

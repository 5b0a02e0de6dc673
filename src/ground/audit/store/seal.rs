//! SQL of the seals.

use crate::ground::audit::seal::{Seal, SealHash, SealedLine};
use crate::ground::db::{DbError, Tx, failed};

/// Waits until nobody is writing to the log, and keeps writers out until the caller's transaction ends. So no line
/// can come in below the last one that is seen then.
pub async fn lock_log(tx: &mut Tx) -> Result<(), DbError> {
    sqlx::query("select keep_the_log_quiet()")
        .execute(tx.connection())
        .await
        .map_err(failed("waiting for the audit log to be quiet"))?;
    Ok(())
}

/// The place of the last line; 0 where there is none.
pub async fn find_last_position(tx: &mut Tx) -> Result<i64, DbError> {
    sqlx::query_scalar("select coalesce(max(position), 0) from audit_event")
        .fetch_one(tx.connection())
        .await
        .map_err(failed("finding the end of the audit log"))
}

/// Keeps other sealers out until the caller's transaction ends: a seal follows exactly one other.
pub async fn lock_seals(tx: &mut Tx) -> Result<(), DbError> {
    sqlx::query("select seal_alone()")
        .execute(tx.connection())
        .await
        .map_err(failed("waiting for another sealer"))?;
    Ok(())
}

/// The newest seal.
pub async fn find_last_seal(tx: &mut Tx) -> Result<Option<Seal>, DbError> {
    sqlx::query_as("select position, hash from audit_seal order by position desc limit 1")
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the last seal of the audit log"))
}

/// The first seal that covers a line after `position`.
pub async fn find_seal_after(tx: &mut Tx, position: i64) -> Result<Option<Seal>, DbError> {
    sqlx::query_as("select position, hash from audit_seal where position > $1 order by position limit 1")
        .bind(position)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding a seal of the audit log"))
}

/// The lines after `after` up to and with `until`, in order, at most `limit`.
pub async fn list_lines(
    tx: &mut Tx,
    (after, until): (i64, i64),
    limit: i64,
) -> Result<Vec<SealedLine>, DbError> {
    sqlx::query_as(
        "select position, bank_id, at, account_id, action, subject_kind, subject_id, detail::text as detail
           from audit_event
          where position > $1 and position <= $2
          order by position
          limit $3",
    )
    .bind(after)
    .bind(until)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the audit log to seal it"))
}

/// The first sealed line, up to `until`, beside which something else lies than its hash says. What was erased is not
/// there, and says nothing.
pub async fn find_other_detail(tx: &mut Tx, until: i64) -> Result<Option<i64>, DbError> {
    sqlx::query_scalar(
        "select e.position
           from audit_event e left join audit_detail d on d.bank_id = e.bank_id and d.position = e.position
          where e.position <= $1 and e.detail ? 'hash'
            and (d.position is null
                 or d.erased_at is null and e.detail ->> 'hash' <> audit_detail_hash(d.salt, d.detail))
          order by e.position
          limit 1",
    )
    .bind(until)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("comparing what lies beside the audit log with it"))
}

/// Adds a seal over everything up to `position`.
pub async fn insert_seal(tx: &mut Tx, position: i64, hash: &SealHash) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query("insert into audit_seal (position, hash, sealed_at) values ($1, $2, $3)")
        .bind(position)
        .bind(hash.as_slice())
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("sealing the audit log"))?;
    Ok(())
}

//! SQL of files of sessions that were looked through and are not posted yet.

use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::SessionFileId;
use crate::work::session::row::FormRow;

/// Keeps the rows of a file of whoever acts, in the place of the one before.
pub async fn upsert_file(tx: &mut Tx, id: SessionFileId, rows: &[FormRow]) -> Result<(), DbError> {
    let (bank, membership, account, now) = (tx.bank(), tx.membership(), tx.account(), tx.now());
    sqlx::query(
        "insert into session_file (bank_id, membership_id, account_id, id, rows, read_at) values ($1, $2, $6, $3, $4, $5)
             on conflict (bank_id, membership_id) do update
            set id = excluded.id, rows = excluded.rows, read_at = excluded.read_at",
    )
    .bind(bank)
    .bind(membership)
    .bind(id)
    .bind(Json(rows))
    .bind(now)
    .bind(account)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a file of sessions"))?;
    Ok(())
}

/// The rows of the file of that id, where it is the one that whoever acts had looked through last.
pub async fn find_file(tx: &mut Tx, id: SessionFileId) -> Result<Option<Vec<FormRow>>, DbError> {
    let (bank, membership) = (tx.bank(), tx.membership());
    let rows: Option<Json<Vec<FormRow>>> = sqlx::query_scalar(
        "select rows from session_file where bank_id = $1 and membership_id = $2 and id = $3",
    )
    .bind(bank)
    .bind(membership)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a file of sessions"))?;
    Ok(rows.map(|rows| rows.0))
}

/// Lets a file of whoever acts go. False where it is not there.
pub async fn delete_file(tx: &mut Tx, id: SessionFileId) -> Result<bool, DbError> {
    let (bank, membership) = (tx.bank(), tx.membership());
    let done = sqlx::query("delete from session_file where bank_id = $1 and membership_id = $2 and id = $3")
        .bind(bank)
        .bind(membership)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("letting a file of sessions go"))?;
    Ok(done.rows_affected() == 1)
}

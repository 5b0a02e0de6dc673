//! SQL of idempotency records.

use serde_json::Value;

use crate::ground::db::{DbError, Tx, failed};

/// What the change of that key led to, where it was made before.
pub async fn find_result(tx: &mut Tx, key: &str) -> Result<Option<Value>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select result from idempotency_record where bank_id = $1 and key = $2")
        .bind(bank)
        .bind(key)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the answer to a change made before"))
}

/// Keeps what a change led to. Two changes of one key at the same time: the second waits for the first, and fails
/// with the constraint `idempotency_record_pkey`.
pub async fn insert_result(tx: &mut Tx, key: &str, result: &Value) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query("insert into idempotency_record (bank_id, key, result, created_at) values ($1, $2, $3, $4)")
        .bind(bank)
        .bind(key)
        .bind(result)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("keeping the answer to a change"))?;
    Ok(())
}

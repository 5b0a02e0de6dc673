//! SQL of what people who ask for an invitation themselves have begun.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use sqlx::types::Json;

use super::SELECT;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::InvitationId;
use crate::people::invitation::{Invitation, Said};

/// What the person of an address has begun in the bank and not ended, lapsed or not; locked until the transaction ends.
pub async fn lock_begun(tx: &mut Tx, email: &str) -> Result<Option<Invitation>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} where i.bank_id = $1 and i.email = $2 and i.state = 'open' and i.said is not null for update of i"
    )))
    .bind(bank)
    .bind(email)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding what somebody who joins has begun"))
}

/// Keeps what somebody who joins has written, in the place of what they had.
pub async fn update_said(tx: &mut Tx, id: InvitationId, said: &Said) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update invitation set said = $3, name = $4
          where bank_id = $1 and id = $2 and state = 'open' and said is not null",
    )
    .bind(bank)
    .bind(id)
    .bind(Json(said))
    .bind(&said.name)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what somebody who joins has written"))?;
    Ok(())
}

/// Forgets what was begun and whose link lapsed before `before`; how many there were.
pub async fn delete_lapsed(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let done =
        sqlx::query("delete from invitation where state = 'open' and said is not null and expires_at < $1")
            .bind(before)
            .execute(tx.connection())
            .await
            .map_err(failed("forgetting what people who would join had begun"))?;
    Ok(done.rows_affected())
}

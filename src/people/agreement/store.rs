//! SQL of which terms of use were accepted.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::MembershipId;

/// Notes that this membership has accepted this version; false where it had before.
pub async fn insert_acceptance(tx: &mut Tx, membership: MembershipId, version: i32) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "insert into terms_accepted (bank_id, membership_id, version, accepted_at) values ($1, $2, $3, $4)
             on conflict (bank_id, membership_id, version) do nothing",
    )
    .bind(bank)
    .bind(membership)
    .bind(version)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that terms of use were accepted"))?;
    Ok(done.rows_affected() == 1)
}

/// The newest version that this membership has accepted, and when.
pub async fn find_newest_accepted(
    tx: &mut Tx,
    membership: MembershipId,
) -> Result<Option<(i32, DateTime<Utc>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select version, accepted_at from terms_accepted
          where bank_id = $1 and membership_id = $2
          order by version desc limit 1",
    )
    .bind(bank)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding which terms of use were accepted"))
}

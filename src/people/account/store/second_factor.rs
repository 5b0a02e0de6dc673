//! SQL of second factors.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::AccountId;

/// A person's second factor, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct SecondFactor {
    /// The secret, sealed; none until the first set-up was confirmed.
    pub sealed_secret: Option<Vec<u8>>,
    /// Since when it is demanded.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The secret that is being set up, sealed.
    pub sealed_pending: Option<Vec<u8>>,
    /// How many recovery codes are left.
    pub codes_left: i64,
}

/// The second factor of an account; nothing in it where there is none.
pub async fn find_second_factor(tx: &mut Tx, account: AccountId) -> Result<SecondFactor, DbError> {
    let found = sqlx::query_as(
        "select f.sealed_secret, f.confirmed_at, f.sealed_pending,
                (select count(*) from recovery_code c where c.account_id = f.account_id and c.used_at is null) as codes_left
           from second_factor f where f.account_id = $1",
    )
    .bind(account)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a second factor"))?;
    Ok(found.unwrap_or_default())
}

/// Notes the secret that is being set up, in place of another.
pub async fn upsert_pending(tx: &mut Tx, account: AccountId, sealed: &[u8]) -> Result<(), DbError> {
    sqlx::query(
        "insert into second_factor (account_id, sealed_pending) values ($1, $2)
             on conflict (account_id) do update set sealed_pending = excluded.sealed_pending",
    )
    .bind(account)
    .bind(sealed)
    .execute(tx.connection())
    .await
    .map_err(failed("noting a second factor that is being set up"))?;
    Ok(())
}

/// Puts what is being set up in the place of what was there; its code of `step` is used. `false` where another is being set
/// up meanwhile, or none.
pub async fn mark_confirmed(
    tx: &mut Tx,
    account: AccountId,
    pending: &[u8],
    step: i64,
) -> Result<bool, DbError> {
    let now = tx.now();
    let done = sqlx::query(
        "update second_factor
            set sealed_secret = sealed_pending, confirmed_at = $4, last_step = $3, sealed_pending = null
          where account_id = $1 and sealed_pending = $2",
    )
    .bind(account)
    .bind(pending)
    .bind(step)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("confirming a second factor"))?;
    Ok(done.rows_affected() == 1)
}

/// Uses the code of a step. `false` where one of this step or of a later one was used: of two who send the same at once, one
/// has it.
pub async fn mark_step_used(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update second_factor set last_step = $2
          where account_id = $1 and last_step < $2 and confirmed_at is not null",
    )
    .bind(account)
    .bind(step)
    .execute(tx.connection())
    .await
    .map_err(failed("using a code of a second factor"))?;
    Ok(done.rows_affected() == 1)
}

/// Uses a recovery code. `false` where it is none, or was used.
pub async fn mark_recovery_used(tx: &mut Tx, account: AccountId, hash: &[u8; 32]) -> Result<bool, DbError> {
    let now = tx.now();
    let done = sqlx::query(
        "update recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null",
    )
    .bind(account)
    .bind(hash.as_slice())
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("using a recovery code"))?;
    Ok(done.rows_affected() == 1)
}

/// Puts these recovery codes in the place of those there are.
pub async fn replace_recovery_codes(
    tx: &mut Tx,
    account: AccountId,
    hashes: &[[u8; 32]],
) -> Result<(), DbError> {
    sqlx::query("delete from recovery_code where account_id = $1")
        .bind(account)
        .execute(tx.connection())
        .await
        .map_err(failed("taking recovery codes away"))?;
    sqlx::query("insert into recovery_code (account_id, code_hash) select $1, hash from unnest($2::bytea[]) as n (hash)")
        .bind(account)
        .bind(hashes.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>())
        .execute(tx.connection())
        .await
        .map_err(failed("adding recovery codes"))?;
    Ok(())
}

/// Takes a second factor away, with its recovery codes. `false` where there is none.
pub async fn delete_second_factor(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    let done = sqlx::query("delete from second_factor where account_id = $1")
        .bind(account)
        .execute(tx.connection())
        .await
        .map_err(failed("taking a second factor away"))?;
    Ok(done.rows_affected() == 1)
}

/// Every secret that is sealed, with its account.
pub async fn list_sealed(tx: &mut Tx) -> Result<Vec<(AccountId, Vec<u8>)>, DbError> {
    sqlx::query_as(
        "select f.account_id, s.sealed
           from second_factor f cross join lateral (values (f.sealed_secret), (f.sealed_pending)) as s (sealed)
          where s.sealed is not null
          order by f.account_id",
    )
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the sealed secrets of second factors"))
}

/// Puts a secret that was sealed again in the place of what it was, wherever it still is; whether it is anywhere.
pub async fn replace_sealed(
    tx: &mut Tx,
    account: AccountId,
    (before, sealed): (&[u8], &[u8]),
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update second_factor
            set sealed_secret = case when sealed_secret = $2 then $3 else sealed_secret end,
                sealed_pending = case when sealed_pending = $2 then $3 else sealed_pending end
          where account_id = $1 and $2 in (sealed_secret, sealed_pending)",
    )
    .bind(account)
    .bind(before)
    .bind(sealed)
    .execute(tx.connection())
    .await
    .map_err(failed("sealing the secret of a second factor again"))?;
    Ok(done.rows_affected() == 1)
}

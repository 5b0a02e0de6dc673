//! SQL of forms that are kept for whoever was signed out.

use chrono::{DateTime, Utc};

use super::SignInRow;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::AccountId;
use crate::ground::sign_in::kept_form::KeptForm;

/// Keeps a form for the person of a sign-in, in place of an earlier one.
pub async fn upsert_form(
    tx: &mut Tx,
    sign_in: &SignInRow,
    (path, sealed): (&str, &[u8]),
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into kept_form (bank_id, account_id, membership_id, path, sealed_fields, kept_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (bank_id, account_id) do update
            set membership_id = excluded.membership_id,
                path = excluded.path, sealed_fields = excluded.sealed_fields, kept_at = excluded.kept_at,
                expires_at = excluded.expires_at",
    )
    .bind(sign_in.bank_id)
    .bind(sign_in.account_id)
    .bind(sign_in.membership_id)
    .bind(path)
    .bind(sealed)
    .bind(now)
    .bind(expires_at)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a form"))?;
    Ok(())
}

/// The form that is kept for this account in the bank.
pub async fn find_form(tx: &mut Tx, account: AccountId) -> Result<Option<KeptForm>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select account_id, membership_id, path, sealed_fields, expires_at
           from kept_form where bank_id = $1 and account_id = $2 and expires_at > $3",
    )
    .bind(bank)
    .bind(account)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a form that is kept"))
}

/// Takes the kept form of this account away.
pub async fn delete_form(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from kept_form where bank_id = $1 and account_id = $2")
        .bind(bank)
        .bind(account)
        .execute(tx.connection())
        .await
        .map_err(failed("taking a kept form away"))?;
    Ok(done.rows_affected() == 1)
}

/// Takes away the forms that were kept until now. Says how many.
pub async fn delete_expired(tx: &mut Tx) -> Result<u64, DbError> {
    let now = tx.now();
    let done = sqlx::query("delete from kept_form where expires_at <= $1")
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("clearing kept forms"))?;
    Ok(done.rows_affected())
}

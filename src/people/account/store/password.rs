//! SQL of passwords and of the links to new ones.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, PasswordLinkId};
use crate::ground::sign_in::TokenHash;
use crate::people::account::Holder;

/// The account of an address (in lower case) that can sign in, with its oldest membership's bank; locked, so that only one
/// link is made of two requests at once.
pub async fn lock_holder_of_address(tx: &mut Tx, email: &str) -> Result<Option<Holder>, DbError> {
    sqlx::query_as(
        "select a.id as account, a.name, a.email, a.password_hash, m.bank_id as bank, b.name as bank_name
           from account a
           join membership m on m.account_id = a.id and m.ended_at is null
           join bank b on b.id = m.bank_id
          where a.email = $1 and a.disabled_at is null
          order by m.created_at, m.id
          limit 1
            for update of a",
    )
    .bind(email)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding whom a link to a new password is for"))
}

/// An account that can sign in, with its oldest membership's bank.
pub async fn find_holder(tx: &mut Tx, account: AccountId) -> Result<Option<Holder>, DbError> {
    sqlx::query_as(
        "select a.id as account, a.name, a.email, a.password_hash, m.bank_id as bank, b.name as bank_name
           from account a
           join membership m on m.account_id = a.id and m.ended_at is null
           join bank b on b.id = m.bank_id
          where a.id = $1 and a.disabled_at is null
          order by m.created_at, m.id
          limit 1",
    )
    .bind(account)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding whose password it is"))
}

/// Whether a link to a new password was made for this account after `after` and is still alive.
pub async fn has_link_since(tx: &mut Tx, account: AccountId, after: DateTime<Utc>) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "select exists (select 1 from password_reset
                         where account_id = $1 and used_at is null and withdrawn_at is null and created_at > $2)",
    )
    .bind(account)
    .bind(after)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("looking for a link to a new password"))
}

/// Ends the link that this account has.
pub async fn mark_links_withdrawn(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "update password_reset set withdrawn_at = $2
          where account_id = $1 and used_at is null and withdrawn_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending a link to a new password"))?;
    Ok(())
}

/// Adds a link.
pub async fn insert_link(
    tx: &mut Tx,
    id: PasswordLinkId,
    account: AccountId,
    token: &TokenHash,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into password_reset (id, account_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(account)
    .bind(token.0.as_slice())
    .bind(now)
    .bind(expires_at)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a link to a new password"))?;
    Ok(())
}

/// The account of a link, and whether the link is still alive. `None` for a token that never was one.
pub async fn find_link(tx: &mut Tx, token: &TokenHash) -> Result<Option<(AccountId, bool)>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select account_id, used_at is null and withdrawn_at is null and expires_at > $2
           from password_reset where token_hash = $1",
    )
    .bind(token.0.as_slice())
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a link to a new password"))
}

/// Uses a link up, and gives its account. `None` where it is not alive: of two who use it at once, one has it.
pub async fn mark_link_used(tx: &mut Tx, token: &TokenHash) -> Result<Option<AccountId>, DbError> {
    let now = tx.now();
    sqlx::query_scalar(
        "update password_reset set used_at = $2
          where token_hash = $1 and used_at is null and withdrawn_at is null and expires_at > $2
         returning account_id",
    )
    .bind(token.0.as_slice())
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("using a link to a new password"))
}

/// Gives an account this hash. `false` where its hash is no longer `known`; without `known`, whatever it is.
pub async fn set_password_hash(
    tx: &mut Tx,
    account: AccountId,
    known: Option<&str>,
    new: &str,
) -> Result<bool, DbError> {
    let set = sqlx::query(
        "update account set password_hash = $3
          where id = $1 and ($2::text is null or password_hash = $2) and disabled_at is null",
    )
    .bind(account)
    .bind(known)
    .bind(new)
    .execute(tx.connection())
    .await
    .map_err(failed("changing a password"))?;
    Ok(set.rows_affected() > 0)
}

//! SQL of changes of address.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, AddressChangeId};
use crate::ground::sign_in::TokenHash;
use crate::people::account::Mailbox;

/// A change of address that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AddressChange {
    /// The change.
    pub id: AddressChangeId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The address they want.
    pub new_email: String,
    /// Until when it can be confirmed.
    pub expires_at: DateTime<Utc>,
    /// When the mailbox of the present address confirmed it.
    pub old_confirmed_at: Option<DateTime<Utc>>,
    /// When that of the new one did.
    pub new_confirmed_at: Option<DateTime<Utc>>,
    /// Whether it was neither done nor replaced.
    pub is_alive: bool,
    /// Whether the token is the one of the new address' mailbox.
    pub is_of_new: bool,
}

impl AddressChange {
    /// Whose mailbox the token is from.
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        if self.is_of_new { Mailbox::New } else { Mailbox::Old }
    }

    /// Whether it can be confirmed at `now`.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.is_alive && now < self.expires_at
    }
}

/// Ends the change that this account has asked for.
pub async fn mark_changes_withdrawn(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "update address_change set withdrawn_at = $2
          where account_id = $1 and done_at is null and withdrawn_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending a change of address"))?;
    Ok(())
}

/// Adds a change.
pub async fn insert_change(
    tx: &mut Tx,
    (id, account): (AddressChangeId, AccountId),
    new_email: &str,
    (old_token, new_token): (&TokenHash, &TokenHash),
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into address_change (id, account_id, new_email, old_token_hash, new_token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(account)
    .bind(new_email)
    .bind(old_token.0.as_slice())
    .bind(new_token.0.as_slice())
    .bind(now)
    .bind(expires_at)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a change of address"))?;
    Ok(())
}

/// The change that an account waits for.
pub async fn find_change_of(tx: &mut Tx, account: AccountId) -> Result<Option<AddressChange>, DbError> {
    sqlx::query_as(
        "select id, account_id, new_email, expires_at, old_confirmed_at, new_confirmed_at, true as is_alive,
                false as is_of_new
           from address_change where account_id = $1 and done_at is null and withdrawn_at is null",
    )
    .bind(account)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a change of address"))
}

/// The change of a token. `None` for a token that never was one.
pub async fn find_change(tx: &mut Tx, token: &TokenHash) -> Result<Option<AddressChange>, DbError> {
    sqlx::query_as(
        "select id, account_id, new_email, expires_at, old_confirmed_at, new_confirmed_at,
                done_at is null and withdrawn_at is null as is_alive, new_token_hash = $1 as is_of_new
           from address_change where old_token_hash = $1 or new_token_hash = $1",
    )
    .bind(token.0.as_slice())
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a change of address by its link"))
}

/// Notes that a mailbox confirms a change, and says whether both have now. `None` where the change is not open, or this
/// mailbox has confirmed it.
pub async fn mark_confirmed(
    tx: &mut Tx,
    id: AddressChangeId,
    mailbox: Mailbox,
) -> Result<Option<bool>, DbError> {
    let now = tx.now();
    sqlx::query_scalar(
        "update address_change
            set old_confirmed_at = case when $2 then old_confirmed_at else $3 end,
                new_confirmed_at = case when $2 then $3 else new_confirmed_at end
          where id = $1 and done_at is null and withdrawn_at is null and expires_at > $3
            and (case when $2 then new_confirmed_at else old_confirmed_at end) is null
         returning old_confirmed_at is not null and new_confirmed_at is not null",
    )
    .bind(id)
    .bind(mailbox == Mailbox::New)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("confirming a change of address"))
}

/// Ends a change that both have confirmed.
pub async fn mark_done(tx: &mut Tx, id: AddressChangeId) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query("update address_change set done_at = $2 where id = $1")
        .bind(id)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("ending a change of address"))?;
    Ok(())
}

/// Gives an account another address; refused by `account_email_key` where somebody has it.
pub async fn set_email(tx: &mut Tx, account: AccountId, email: &str) -> Result<(), DbError> {
    sqlx::query("update account set email = $2 where id = $1")
        .bind(account)
        .bind(email)
        .execute(tx.connection())
        .await
        .map_err(failed("changing an address"))?;
    Ok(())
}

/// Takes away what nobody looks at any more: links to a new password and changes of address made before `before`, and
/// sign-ins begun before it, all of which have ended by then. Says how many rows.
pub async fn delete_old(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let done = sqlx::query(
        "with links as (delete from password_reset where created_at < $1 returning 1),
              changes as (delete from address_change where created_at < $1 returning 1)
         delete from sign_in where created_at < $1",
    )
    .bind(before)
    .execute(tx.connection())
    .await
    .map_err(failed("clearing old links and sign-ins"))?;
    Ok(done.rows_affected())
}

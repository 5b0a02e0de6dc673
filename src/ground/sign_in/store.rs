//! SQL of sign-ins.

use chrono::{DateTime, Utc};

use super::{PersonKind, SignInTimes, TokenHash};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, MembershipId};

/// Begins a sign-in of this account in this membership of a bank.
pub async fn insert_sign_in(
    tx: &mut Tx,
    token: &TokenHash,
    form_key: [u8; 32],
    account: AccountId,
    (bank, membership): (BankId, MembershipId),
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into sign_in (token_hash, account_id, bank_id, membership_id, form_key, created_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(token.0.as_slice())
    .bind(account)
    .bind(bank)
    .bind(membership)
    .bind(form_key.as_slice())
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("beginning a sign-in"))?;
    Ok(())
}

/// A sign-in that has not been ended, whatever its age.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignInRow {
    /// The account.
    pub account_id: AccountId,
    /// The bank acted in.
    pub bank_id: BankId,
    /// The membership acted in.
    pub membership_id: MembershipId,
    /// What the person comes to do.
    pub kind: PersonKind,
    /// The person's name.
    pub name: String,
    /// The bank's name.
    pub bank_name: String,
    /// The bank's time zone.
    pub time_zone: String,
    /// Whether the bank is invented.
    pub invented: bool,
    /// The key of the sign-in's form token.
    pub form_key: Vec<u8>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen_at: DateTime<Utc>,
}

impl SignInRow {
    /// The times by which it ends.
    #[must_use]
    pub fn times(&self) -> SignInTimes {
        SignInTimes { created_at: self.created_at, last_seen_at: self.last_seen_at }
    }
}

/// The sign-in of a token, unless it or its account or membership was ended.
pub async fn find_sign_in(tx: &mut Tx, token: &TokenHash) -> Result<Option<SignInRow>, DbError> {
    sqlx::query_as(
        "select s.account_id, s.bank_id, s.membership_id, m.kind, a.name, b.name as bank_name, b.time_zone, b.invented,
                s.form_key, s.created_at, s.last_seen_at
           from sign_in s
           join membership m on m.bank_id = s.bank_id and m.id = s.membership_id
           join account a on a.id = s.account_id
           join bank b on b.id = s.bank_id
          where s.token_hash = $1 and s.ended_at is null and m.ended_at is null and a.disabled_at is null",
    )
    .bind(token.0.as_slice())
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a sign-in"))
}

/// Notes that a sign-in was seen at `now`.
pub async fn mark_sign_in_seen(tx: &mut Tx, token: &TokenHash) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query("update sign_in set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2")
        .bind(token.0.as_slice())
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("noting that a sign-in was seen"))?;
    Ok(())
}

/// Ends a sign-in.
pub async fn mark_sign_in_ended(tx: &mut Tx, token: &TokenHash) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query("update sign_in set ended_at = $2 where token_hash = $1 and ended_at is null")
        .bind(token.0.as_slice())
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("ending a sign-in"))?;
    Ok(())
}

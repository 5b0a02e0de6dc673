//! SQL of sign-ins.

pub mod kept_form;

use chrono::{DateTime, NaiveDate, Utc};

use super::{PersonKind, SignInTimes, TokenHash};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, MembershipId, SignInId};

/// Begins a sign-in of this account in this membership of a bank, in a browser of that description.
pub async fn insert_sign_in(
    tx: &mut Tx,
    (token, form_key): (&TokenHash, [u8; 32]),
    browser: Option<&str>,
    account: AccountId,
    (bank, membership): (BankId, MembershipId),
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into sign_in (token_hash, account_id, bank_id, membership_id, form_key, browser, created_at,
                              last_seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(token.0.as_slice())
    .bind(account)
    .bind(bank)
    .bind(membership)
    .bind(form_key.as_slice())
    .bind(browser)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("beginning a sign-in"))?;
    Ok(())
}

/// A sign-in that has not been ended, whatever its age.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of a statement")]
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
    /// Whether the person has other memberships.
    pub has_others: bool,
    /// From when the bank demands a second factor.
    pub second_factor_from: Option<NaiveDate>,
    /// Whether the person has one.
    pub has_second_factor: bool,
    /// Whether the person has not accepted the terms of use that were in force when it began.
    pub owes_terms: bool,
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
                exists (select from membership o where o.account_id = s.account_id and o.ended_at is null
                                                   and (o.bank_id, o.id) <> (s.bank_id, s.membership_id)) as has_others,
                b.second_factor_from,
                exists (select from second_factor f where f.account_id = s.account_id and f.confirmed_at is not null)
                    as has_second_factor,
                owes_terms(s.bank_id, s.membership_id, s.created_at) as owes_terms,
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

/// Whether the person of an account acts in a bank as this kind.
pub async fn acts_as(
    tx: &mut Tx,
    account: AccountId,
    (bank, kind): (BankId, PersonKind),
) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "select exists (select from membership
                         where account_id = $1 and bank_id = $2 and kind = $3 and ended_at is null)",
    )
    .bind(account)
    .bind(bank)
    .bind(kind)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("asking what somebody does in a bank"))
}

/// Goes on with a sign-in in another of its person's memberships. Its forms carry another token from now on, so that one
/// that was opened before is not taken for what they do now.
pub async fn mark_switched(
    tx: &mut Tx,
    (token, form_key): (&TokenHash, [u8; 32]),
    (bank, membership): (BankId, MembershipId),
) -> Result<(), DbError> {
    sqlx::query(
        "update sign_in set bank_id = $2, membership_id = $3, form_key = $4
          where token_hash = $1 and ended_at is null",
    )
    .bind(token.0.as_slice())
    .bind(bank)
    .bind(membership)
    .bind(form_key.as_slice())
    .execute(tx.connection())
    .await
    .map_err(failed("going on in another membership"))?;
    Ok(())
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

/// A sign-in as its own person sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignInLine {
    /// Its id.
    pub id: SignInId,
    /// The bank acted in.
    pub bank_name: String,
    /// "Firefox on Windows", as far as the browser said.
    pub browser: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the one whose token was given.
    pub is_this_one: bool,
}

/// The sign-ins of an account that have not ended, begun and last seen after these instants; first that of `token`, then
/// the one last seen.
pub async fn list_sign_ins(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenHash,
    (begun_after, seen_after): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<SignInLine>, DbError> {
    sqlx::query_as(
        "select s.id, b.name as bank_name, s.browser, s.created_at, s.last_seen_at, s.token_hash = $2 as is_this_one
           from sign_in s
           join membership m on m.bank_id = s.bank_id and m.id = s.membership_id
           join bank b on b.id = s.bank_id
          where s.account_id = $1 and s.ended_at is null and m.ended_at is null
            and s.created_at > $3 and s.last_seen_at > $4
          order by is_this_one desc, s.last_seen_at desc, s.id",
    )
    .bind(account)
    .bind(token.0.as_slice())
    .bind(begun_after)
    .bind(seen_after)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a person's sign-ins"))
}

/// Ends one sign-in of this account. `false` where they have none of that id that goes on.
pub async fn mark_own_sign_in_ended(tx: &mut Tx, account: AccountId, id: SignInId) -> Result<bool, DbError> {
    let now = tx.now();
    let ended = sqlx::query(
        "update sign_in set ended_at = $3 where account_id = $1 and id = $2 and ended_at is null",
    )
    .bind(account)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending one of a person's sign-ins"))?;
    Ok(ended.rows_affected() > 0)
}

/// Ends every sign-in of this account but that of `kept`, and says how many.
pub async fn mark_others_ended(
    tx: &mut Tx,
    account: AccountId,
    kept: Option<&TokenHash>,
) -> Result<u64, DbError> {
    let now = tx.now();
    let ended = sqlx::query(
        "update sign_in set ended_at = $3
          where account_id = $1 and ended_at is null and ($2::bytea is null or token_hash <> $2)",
    )
    .bind(account)
    .bind(kept.map(|kept| kept.0.as_slice()))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending a person's other sign-ins"))?;
    Ok(ended.rows_affected())
}

//! SQL of accounts, memberships and sign-ins.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{PersonKind, SignInTimes, TokenHash};
use crate::ground::db::{DbError, failed};
use crate::ground::id::{AccountId, BankId, MembershipId};
use crate::ground::mail::Recipient;

/// What signing in needs to know of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Credentials {
    /// The account.
    pub account_id: AccountId,
    /// Its Argon2id hash; none until the person has chosen a password.
    pub password_hash: Option<String>,
}

/// The account of an e-mail address (in lower case), unless it is disabled.
pub async fn find_credentials(
    connection: &mut PgConnection,
    email: &str,
) -> Result<Option<Credentials>, DbError> {
    sqlx::query_as(
        "select id as account_id, password_hash from account where email = $1 and disabled_at is null",
    )
    .bind(email)
    .fetch_optional(connection)
    .await
    .map_err(failed("finding the account of an address"))
}

/// Where mail reaches the person of an account.
pub async fn find_email(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<Option<String>, DbError> {
    sqlx::query_scalar("select email from account where id = $1")
        .bind(account)
        .fetch_optional(connection)
        .await
        .map_err(failed("finding the address of an account"))
}

/// A membership a person may act in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Membership {
    /// The bank.
    pub bank_id: BankId,
    /// The membership.
    pub membership_id: MembershipId,
    /// What they come to do in it.
    pub kind: PersonKind,
    /// The bank's name.
    pub bank_name: String,
}

/// A person's memberships, oldest first.
pub async fn list_memberships(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<Vec<Membership>, DbError> {
    sqlx::query_as(
        "select m.bank_id, m.id as membership_id, m.kind, b.name as bank_name
           from membership m join bank b on b.id = m.bank_id
          where m.account_id = $1 and m.ended_at is null
          order by m.created_at, m.id",
    )
    .bind(account)
    .fetch_all(connection)
    .await
    .map_err(failed("listing a person's memberships"))
}

/// How many people act in the bank as this kind.
pub async fn count_members(
    connection: &mut PgConnection,
    bank: BankId,
    kind: PersonKind,
) -> Result<i64, DbError> {
    sqlx::query_scalar(
        "select count(*) from membership where bank_id = $1 and kind = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(kind)
    .fetch_one(connection)
    .await
    .map_err(failed("counting the people of a bank"))
}

/// Where mail reaches the people who act in a bank as this kind, by name.
pub async fn list_people_of_kind(
    connection: &mut PgConnection,
    bank: BankId,
    kind: PersonKind,
) -> Result<Vec<Recipient>, DbError> {
    let rows: Vec<(AccountId, String, String)> = sqlx::query_as(
        "select a.id, a.name, a.email
           from membership m join account a on a.id = m.account_id
          where m.bank_id = $1 and m.kind = $2 and m.ended_at is null and a.disabled_at is null
          order by a.name, a.id",
    )
    .bind(bank)
    .bind(kind)
    .fetch_all(connection)
    .await
    .map_err(failed("listing the people of a bank"))?;
    let recipient = |(account, name, address)| Recipient { address, name, account: Some(account) };
    Ok(rows.into_iter().map(recipient).collect())
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// The person's address, in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The Argon2id hash of their password.
    pub password_hash: Option<String>,
}

/// Adds an account.
pub async fn insert_account(
    connection: &mut PgConnection,
    account: &NewAccount,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(account.id)
    .bind(&account.email)
    .bind(&account.name)
    .bind(&account.password_hash)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("adding an account"))?;
    Ok(())
}

/// Adds a membership.
pub async fn insert_membership(
    connection: &mut PgConnection,
    bank: BankId,
    id: MembershipId,
    account: AccountId,
    kind: PersonKind,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into membership (bank_id, id, account_id, kind, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(bank)
    .bind(id)
    .bind(account)
    .bind(kind)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("adding a membership"))?;
    Ok(())
}

/// Begins a sign-in.
pub async fn insert_sign_in(
    connection: &mut PgConnection,
    token: &TokenHash,
    form_key: [u8; 32],
    account: AccountId,
    membership: &Membership,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into sign_in (token_hash, account_id, bank_id, membership_id, form_key, created_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(token.0.as_slice())
    .bind(account)
    .bind(membership.bank_id)
    .bind(membership.membership_id)
    .bind(form_key.as_slice())
    .bind(now)
    .execute(connection)
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
pub async fn find_sign_in(
    connection: &mut PgConnection,
    token: &TokenHash,
) -> Result<Option<SignInRow>, DbError> {
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
    .fetch_optional(connection)
    .await
    .map_err(failed("finding a sign-in"))
}

/// Notes that a sign-in was seen at `now`.
pub async fn mark_sign_in_seen(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query("update sign_in set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2")
        .bind(token.0.as_slice())
        .bind(now)
        .execute(connection)
        .await
        .map_err(failed("noting that a sign-in was seen"))?;
    Ok(())
}

/// Ends a sign-in.
pub async fn mark_sign_in_ended(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query("update sign_in set ended_at = $2 where token_hash = $1 and ended_at is null")
        .bind(token.0.as_slice())
        .bind(now)
        .execute(connection)
        .await
        .map_err(failed("ending a sign-in"))?;
    Ok(())
}

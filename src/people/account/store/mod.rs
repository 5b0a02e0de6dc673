//! SQL of accounts and memberships.

pub mod password;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, MembershipId};
use crate::ground::mail::Recipient;
use crate::ground::sign_in::PersonKind;

/// What signing in needs to know of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Credentials {
    /// The account.
    pub account_id: AccountId,
    /// Its Argon2id hash; none until the person has chosen a password.
    pub password_hash: Option<String>,
}

/// The account of an e-mail address (in lower case), unless it is disabled.
pub async fn find_credentials(tx: &mut Tx, email: &str) -> Result<Option<Credentials>, DbError> {
    sqlx::query_as(
        "select id as account_id, password_hash from account where email = $1 and disabled_at is null",
    )
    .bind(email)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the account of an address"))
}

/// Where mail reaches the person of an account.
pub async fn find_email(tx: &mut Tx, account: AccountId) -> Result<Option<String>, DbError> {
    sqlx::query_scalar("select email from account where id = $1")
        .bind(account)
        .fetch_optional(tx.connection())
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
pub async fn list_memberships(tx: &mut Tx, account: AccountId) -> Result<Vec<Membership>, DbError> {
    sqlx::query_as(
        "select m.bank_id, m.id as membership_id, m.kind, b.name as bank_name
           from membership m join bank b on b.id = m.bank_id
          where m.account_id = $1 and m.ended_at is null
          order by m.created_at, m.id",
    )
    .bind(account)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a person's memberships"))
}

/// How many people act in the bank as this kind.
pub async fn count_members(tx: &mut Tx, kind: PersonKind) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*) from membership where bank_id = $1 and kind = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(kind)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the people of a bank"))
}

/// Where mail reaches the people who act in a bank as this kind, by name.
pub async fn list_people_of_kind(tx: &mut Tx, kind: PersonKind) -> Result<Vec<Recipient>, DbError> {
    let bank = tx.bank();
    let rows: Vec<(AccountId, String, String)> = sqlx::query_as(
        "select a.id, a.name, a.email
           from membership m join account a on a.id = m.account_id
          where m.bank_id = $1 and m.kind = $2 and m.ended_at is null and a.disabled_at is null
          order by a.name, a.id",
    )
    .bind(bank)
    .bind(kind)
    .fetch_all(tx.connection())
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
pub async fn insert_account(tx: &mut Tx, account: &NewAccount) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(account.id)
    .bind(&account.email)
    .bind(&account.name)
    .bind(&account.password_hash)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding an account"))?;
    Ok(())
}

/// The membership of an account in the bank as this kind: a new one, or the one there is, begun again where it had
/// ended.
pub async fn begin_membership(
    tx: &mut Tx,
    account: AccountId,
    kind: PersonKind,
) -> Result<MembershipId, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_scalar(
        "insert into membership (bank_id, id, account_id, kind, created_at) values ($1, $2, $3, $4, $5)
             on conflict on constraint membership_account_kind_key do update set ended_at = null
         returning id",
    )
    .bind(bank)
    .bind(MembershipId::new())
    .bind(account)
    .bind(kind)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("beginning a membership"))
}

/// Adds a membership.
pub async fn insert_membership(
    tx: &mut Tx,
    id: MembershipId,
    account: AccountId,
    kind: PersonKind,
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "insert into membership (bank_id, id, account_id, kind, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(bank)
    .bind(id)
    .bind(account)
    .bind(kind)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a membership"))?;
    Ok(())
}

//! SQL of accounts and memberships.

pub mod address;
pub mod password;
pub mod second_factor;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, MembershipId};
use crate::ground::mail::Recipient;
use crate::ground::sign_in::PersonKind;
use crate::ground::sign_in::meant_for::MeantFor;

/// What signing in needs to know of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Credentials {
    /// The account.
    pub account_id: AccountId,
    /// Its Argon2id hash; none until the person has chosen a password.
    pub password_hash: Option<String>,
    /// Whether signing in asks for a second factor too.
    pub has_second_factor: bool,
    /// Whether the account is closed, so that nobody signs in by it.
    pub is_closed: bool,
}

/// The account of an e-mail address (in lower case), closed or not.
pub async fn find_credentials(tx: &mut Tx, email: &str) -> Result<Option<Credentials>, DbError> {
    sqlx::query_as(
        "select a.id as account_id, a.password_hash,
                exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null)
                    as has_second_factor,
                a.disabled_at is not null as is_closed
           from account a where a.email = $1",
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
    /// Whether they have begun to act in it before.
    pub was_used: bool,
}

impl Membership {
    /// Whether it is the one that a link is for.
    #[must_use]
    pub fn is_meant(&self, meant: MeantFor) -> bool {
        (self.bank_id, self.kind) == (meant.bank, meant.kind)
    }
}

/// A person's memberships: first the one they acted in last, then the oldest.
pub async fn list_memberships(tx: &mut Tx, account: AccountId) -> Result<Vec<Membership>, DbError> {
    sqlx::query_as(
        "select m.bank_id, m.id as membership_id, m.kind, b.name as bank_name,
                m.last_signed_in_at is not null as was_used
           from membership m join bank b on b.id = m.bank_id
          where m.account_id = $1 and m.ended_at is null
          order by m.last_signed_in_at desc nulls last, m.created_at, m.id",
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

/// Ends a membership of the bank, and says whose it was and as what. `None` where none of that id goes on; refused by
/// `bank_keeps_an_administrator` where it is the last administrator's.
pub async fn mark_membership_ended(
    tx: &mut Tx,
    id: MembershipId,
) -> Result<Option<(AccountId, PersonKind)>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "update membership set ended_at = $3 where bank_id = $1 and id = $2 and ended_at is null
         returning account_id, kind",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("ending a membership"))
}

/// Notes that the person of this membership of the bank begins to act in it now.
pub async fn mark_signed_in(tx: &mut Tx, id: MembershipId) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query("update membership set last_signed_in_at = $3 where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(id)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("noting where somebody signed in"))?;
    Ok(())
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

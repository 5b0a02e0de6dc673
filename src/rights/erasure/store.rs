//! SQL of erasures.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Kept, Obstacle};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, ErasureId, MembershipId};
use crate::rights::held::store::Subject;

/// The person of an account with the banks that hold something of them; none where there is no such account, or where they
/// were erased before.
pub async fn find_subject(tx: &mut Tx, account: AccountId) -> Result<Option<Subject>, DbError> {
    let row: Option<(String, String, Vec<BankId>)> = sqlx::query_as(
        "select a.name, a.email,
                array(select distinct m.bank_id from membership m
                       where m.account_id = a.id
                         and (m.ended_at is null
                              or not exists (select from erasure e where e.bank_id = m.bank_id and e.account_id = a.id
                                                and e.erased_at >= m.ended_at))
                       order by m.bank_id)
           from account a
          where a.id = $1 and a.email not in (select 'erased-' || $1 || '@erased.invalid')",
    )
    .bind(account)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding whom to erase"))?;
    Ok(row.map(|(name, email, banks)| Subject { account, name, email, banks, whole_account: true }))
}

/// Locks an account until the transaction ends.
pub async fn lock_account(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    let done = sqlx::query("select from account where id = $1 for update")
        .bind(account)
        .execute(tx.connection())
        .await;
    done.map(drop).map_err(failed("locking an account"))
}

/// What stands in the way of erasing somebody in these banks.
pub async fn list_obstacles(tx: &mut Tx, subject: &Subject) -> Result<Vec<Obstacle>, DbError> {
    let now = tx.now();
    let banks: Vec<_> = subject.banks.iter().map(|bank| bank.0).collect();
    let (bookings, offers, requests, alone): (i64, i64, i64, Vec<String>) = sqlx::query_as(
        "select (select count(*) from live_booking b where b.bank_id = any($2) and b.account_id = $1 and b.ends_at > $3),
                (select count(*) from open_offer o join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id
                  where o.bank_id = any($2) and c.account_id = $1),
                (select count(*) from request r join clinician c on c.bank_id = r.bank_id and c.id = r.clinician_id
                  where r.bank_id = any($2) and c.account_id = $1 and r.state = 'waiting'),
                array(select k.name from membership m join bank k on k.id = m.bank_id
                       where m.bank_id = any($2) and m.account_id = $1 and m.kind = 'bank_administrator'
                         and m.ended_at is null
                         and not exists (select from membership n join account b on b.id = n.account_id
                                          where n.bank_id = m.bank_id and n.kind = m.kind and n.ended_at is null
                                            and n.id <> m.id and b.disabled_at is null)
                       order by k.name)",
    )
    .bind(subject.account)
    .bind(banks)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("looking for what stands in the way of erasing somebody"))?;
    let counted = [
        (bookings, Obstacle::Bookings as fn(i64) -> Obstacle),
        (offers, Obstacle::Offers),
        (requests, Obstacle::Requests),
    ];
    let counted =
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, obstacle)| obstacle(count));
    Ok(counted.chain(alone.into_iter().map(Obstacle::LastAdministrator)).collect())
}

/// When somebody's last booking in each of these banks ended.
pub async fn list_last_bookings(
    tx: &mut Tx,
    subject: &Subject,
) -> Result<Vec<(BankId, DateTime<Utc>)>, DbError> {
    sqlx::query_as(
        "select bank_id, max(ends_at) from booking where bank_id = any($2) and account_id = $1 group by bank_id",
    )
    .bind(subject.account)
    .bind(subject.banks.iter().map(|bank| bank.0).collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding somebody's last bookings"))
}

/// The memberships of the bank that somebody still acts in.
pub async fn list_active(tx: &mut Tx, account: AccountId) -> Result<Vec<MembershipId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select id from membership where bank_id = $1 and account_id = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(account)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what somebody does in a bank"))
}

/// Keeps the name beside the bookings of the bank until a day, where the person has any.
pub async fn insert_kept_name(tx: &mut Tx, account: AccountId, until: NaiveDate) -> Result<(), DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "insert into kept_name (bank_id, clinician_id, name, registration_number, kept_until)
         select c.bank_id, c.id, a.name, c.registration_number, $3
           from clinician c join account a on a.id = c.account_id
          where c.bank_id = $1 and c.account_id = $2
            and exists (select from booking b where b.bank_id = c.bank_id and b.clinician_id = c.id)
             on conflict (bank_id, clinician_id) do nothing",
    )
    .bind(bank)
    .bind(account)
    .bind(until)
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("keeping the name beside bookings"))
}

/// Takes the names away whose time is over, and says how many.
pub async fn delete_kept_names(tx: &mut Tx, today: NaiveDate) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from kept_name where bank_id = $1 and kept_until < $2")
        .bind(bank)
        .bind(today)
        .execute(tx.connection())
        .await;
    Ok(done.map_err(failed("taking a name away from bookings"))?.rows_affected())
}

/// Notes that somebody was erased in the bank, and what was kept.
pub async fn insert_erasure(
    tx: &mut Tx,
    account: AccountId,
    whole_account: bool,
    kept: &[Kept],
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into erasure (bank_id, id, account_id, whole_account, erased_by, erased_at, kept)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bank)
    .bind(ErasureId::new())
    .bind(account)
    .bind(whole_account)
    .bind(by)
    .bind(now)
    .bind(Json(kept))
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("noting that somebody was erased"))
}

/// An erasure as the bank's administrators see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ErasureLine {
    /// Whose account it was.
    pub account_id: AccountId,
    /// When.
    pub erased_at: DateTime<Utc>,
    /// Whether it was they themselves.
    pub by_themselves: bool,
    /// Whether it was a night's work.
    pub by_itself: bool,
    /// What was kept.
    #[sqlx(json)]
    pub kept: Vec<Kept>,
}

/// The bank's erasures, the newest first, at most `limit`; of one account where one is given.
pub async fn list_erasures(
    tx: &mut Tx,
    account: Option<AccountId>,
    limit: i64,
) -> Result<Vec<ErasureLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select account_id, erased_at, erased_by is not distinct from account_id as by_themselves,
                erased_by is null as by_itself, kept
           from erasure
          where bank_id = $1 and ($2::uuid is null or account_id = $2)
          order by erased_at desc, id desc
          limit $3",
    )
    .bind(bank)
    .bind(account)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who was erased"))
}

//! SQL of addresses that take no mail.

use chrono::{DateTime, Utc};

use super::{Count, ReportKind, StoppedAddress};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId};

/// What is counted against an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure<'a> {
    /// The bank whose mail it was.
    pub bank: BankId,
    /// The address, as the mail had it.
    pub address: &'a str,
    /// Whose it is.
    pub account: Option<AccountId>,
    /// What happened.
    pub reason: ReportKind,
    /// What the server said.
    pub explanation: &'a str,
}

/// What was counted of an address so far; its row is locked.
pub async fn lock_count(tx: &mut Tx, address: &str) -> Result<Option<Count>, DbError> {
    let bank = tx.bank();
    let row: Option<(i32, DateTime<Utc>, bool)> = sqlx::query_as(
        "select failures, last_failed_at, stopped_at is not null and cleared_at is null
           from stopped_address where bank_id = $1 and address = $2 for update",
    )
    .bind(bank)
    .bind(address)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("reading what was counted of an address"))?;
    Ok(row.map(|(failures, last_failed_at, is_stopped)| Count { failures, last_failed_at, is_stopped }))
}

/// Notes what is counted of an address now, and whether it takes no mail.
pub async fn upsert_count(
    tx: &mut Tx,
    failure: &Failure<'_>,
    (failures, is_stopped): (i32, bool),
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into stopped_address (bank_id, address, account_id, reason, explanation, failures, last_failed_at, stopped_at)
         values ($1, $2, $3, $4, $5, $6, $7, case when $8 then $7 end)
             on conflict (bank_id, address) do update
            set account_id = excluded.account_id, reason = excluded.reason, explanation = excluded.explanation,
                failures = excluded.failures, last_failed_at = excluded.last_failed_at,
                stopped_at = excluded.stopped_at, cleared_at = null, cleared_by = null",
    )
    .bind(failure.bank)
    .bind(failure.address)
    .bind(failure.account)
    .bind(failure.reason)
    .bind(failure.explanation)
    .bind(failures)
    .bind(now)
    .bind(is_stopped)
    .execute(tx.connection())
    .await
    .map_err(failed("counting a failure of an address"))?;
    Ok(())
}

/// Notes that an address works again. False where nothing was said against it.
pub async fn mark_cleared(tx: &mut Tx, address: &str, by: AccountId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update stopped_address set cleared_at = $4, cleared_by = $3, failures = 0
          where bank_id = $1 and address = $2 and cleared_at is null",
    )
    .bind(bank)
    .bind(address)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("clearing an address"))?;
    Ok(done.rows_affected() == 1)
}

/// The address, where mail to it is stopped.
pub async fn find_stopped(tx: &mut Tx, address: &str) -> Result<Option<StoppedAddress>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.address, a.name, s.reason, s.explanation, s.last_failed_at, true as is_stopped
           from stopped_address s left join account a on a.id = s.account_id
          where s.bank_id = $1 and s.address = $2 and s.stopped_at is not null and s.cleared_at is null",
    )
    .bind(bank)
    .bind(address)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("asking whether mail to an address is stopped"))
}

/// The addresses of a bank that take no mail or whose readers complained, the last first; at most `limit`.
pub async fn list_stopped(tx: &mut Tx, limit: i64) -> Result<Vec<StoppedAddress>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.address, a.name, s.reason, s.explanation, s.last_failed_at, s.stopped_at is not null as is_stopped
           from stopped_address s left join account a on a.id = s.account_id
          where s.bank_id = $1 and s.cleared_at is null and (s.stopped_at is not null or s.reason = 'complaint')
          order by s.last_failed_at desc, s.address
          limit $2",
    )
    .bind(bank)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the addresses that take no mail"))
}

//! SQL of mail that came back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Count, ReportKind, StoppedAddress};
use crate::ground::db::{DbError, failed};
use crate::ground::id::{AccountId, BankId, MailId, MailReportId};

/// Somebody a mail went to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reached {
    /// The bank.
    pub bank_id: BankId,
    /// The mail.
    pub mail_id: MailId,
    /// The address, as the mail had it.
    pub address: String,
    /// Whose it is.
    pub account_id: Option<AccountId>,
}

/// Everybody the mail of that Message-ID went to; nobody where we sent no such mail.
pub async fn list_reached(connection: &mut PgConnection, message_id: &str) -> Result<Vec<Reached>, DbError> {
    sqlx::query_as(
        "select r.bank_id, r.mail_id, r.address, r.account_id
           from mail m join mail_recipient r on r.bank_id = m.bank_id and r.mail_id = m.id
          where m.message_id = $1
          order by r.address",
    )
    .bind(message_id)
    .fetch_all(connection)
    .await
    .map_err(failed("finding the mail that a report is about"))
}

/// What is kept of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport<'a> {
    /// Whom the mail went to.
    pub reached: &'a Reached,
    /// What happened.
    pub kind: ReportKind,
    /// The enhanced status.
    pub status: Option<&'a str>,
    /// What the server said.
    pub explanation: &'a str,
}

/// Keeps a report. False where it is there already: reports come twice.
pub async fn insert_report(
    connection: &mut PgConnection,
    report: &NewReport<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "insert into mail_report (bank_id, id, mail_id, address, kind, status, explanation, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict on constraint mail_report_once do nothing",
    )
    .bind(report.reached.bank_id)
    .bind(MailReportId::new())
    .bind(report.reached.mail_id)
    .bind(&report.reached.address)
    .bind(report.kind)
    .bind(report.status)
    .bind(report.explanation)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("keeping a report about a mail"))?;
    Ok(done.rows_affected() == 1)
}

/// What was counted of an address so far; its row is locked.
pub async fn lock_count(
    connection: &mut PgConnection,
    bank: BankId,
    address: &str,
) -> Result<Option<Count>, DbError> {
    let row: Option<(i32, DateTime<Utc>, bool)> = sqlx::query_as(
        "select failures, last_failed_at, stopped_at is not null and cleared_at is null
           from stopped_address where bank_id = $1 and address = $2 for update",
    )
    .bind(bank)
    .bind(address)
    .fetch_optional(connection)
    .await
    .map_err(failed("reading what was counted of an address"))?;
    Ok(row.map(|(failures, last_failed_at, is_stopped)| Count { failures, last_failed_at, is_stopped }))
}

/// Notes what is counted of an address now, and whether it takes no mail.
pub async fn upsert_count(
    connection: &mut PgConnection,
    report: &NewReport<'_>,
    (failures, is_stopped): (i32, bool),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into stopped_address (bank_id, address, account_id, reason, explanation, failures, last_failed_at, stopped_at)
         values ($1, $2, $3, $4, $5, $6, $7, case when $8 then $7 end)
             on conflict (bank_id, address) do update
            set account_id = excluded.account_id, reason = excluded.reason, explanation = excluded.explanation,
                failures = excluded.failures, last_failed_at = excluded.last_failed_at,
                stopped_at = excluded.stopped_at, cleared_at = null, cleared_by = null",
    )
    .bind(report.reached.bank_id)
    .bind(&report.reached.address)
    .bind(report.reached.account_id)
    .bind(report.kind)
    .bind(report.explanation)
    .bind(failures)
    .bind(now)
    .bind(is_stopped)
    .execute(connection)
    .await
    .map_err(failed("counting a failure of an address"))?;
    Ok(())
}

/// Notes that an address works again. False where nothing was said against it.
pub async fn mark_cleared(
    connection: &mut PgConnection,
    bank: BankId,
    address: &str,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update stopped_address set cleared_at = $4, cleared_by = $3, failures = 0
          where bank_id = $1 and address = $2 and cleared_at is null",
    )
    .bind(bank)
    .bind(address)
    .bind(by)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("clearing an address"))?;
    Ok(done.rows_affected() == 1)
}

/// The address, where mail to it is stopped.
pub async fn find_stopped(
    connection: &mut PgConnection,
    bank: BankId,
    address: &str,
) -> Result<Option<StoppedAddress>, DbError> {
    sqlx::query_as(
        "select s.address, a.name, s.reason, s.explanation, s.last_failed_at, true as is_stopped
           from stopped_address s left join account a on a.id = s.account_id
          where s.bank_id = $1 and s.address = $2 and s.stopped_at is not null and s.cleared_at is null",
    )
    .bind(bank)
    .bind(address)
    .fetch_optional(connection)
    .await
    .map_err(failed("asking whether mail to an address is stopped"))
}

/// The addresses of a bank that take no mail or whose readers complained, the last first; at most `limit`.
pub async fn list_stopped(
    connection: &mut PgConnection,
    bank: BankId,
    limit: i64,
) -> Result<Vec<StoppedAddress>, DbError> {
    sqlx::query_as(
        "select s.address, a.name, s.reason, s.explanation, s.last_failed_at, s.stopped_at is not null as is_stopped
           from stopped_address s left join account a on a.id = s.account_id
          where s.bank_id = $1 and s.cleared_at is null and (s.stopped_at is not null or s.reason = 'complaint')
          order by s.last_failed_at desc, s.address
          limit $2",
    )
    .bind(bank)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed("listing the addresses that take no mail"))
}

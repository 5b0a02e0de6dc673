//! SQL of what was said of mail that came back.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, MailId, MailReportId};
use crate::letters::stopped_address::ReportKind;

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
pub async fn list_reached(tx: &mut Tx, message_id: &str) -> Result<Vec<Reached>, DbError> {
    sqlx::query_as(
        "select r.bank_id, r.mail_id, r.address, r.account_id
           from mail m join mail_recipient r on r.bank_id = m.bank_id and r.mail_id = m.id
          where m.message_id = $1
          order by r.address",
    )
    .bind(message_id)
    .fetch_all(tx.connection())
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
pub async fn insert_report(tx: &mut Tx, report: &NewReport<'_>) -> Result<bool, DbError> {
    let now = tx.now();
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
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a report about a mail"))?;
    Ok(done.rows_affected() == 1)
}

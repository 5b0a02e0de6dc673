//! SQL of the audit log.

pub mod seal;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Action, Subject};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::AccountId;

/// Adds a line, in the transaction's bank and at its time. The database puts the detail beside the line, in which its
/// salted hash is left.
pub(super) async fn insert_event(
    tx: &mut Tx,
    by: Option<AccountId>,
    action: Action,
    subject: Subject,
    detail: &Value,
) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into audit_event (bank_id, at, account_id, action, subject_kind, subject_id, detail)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bank)
    .bind(now)
    .bind(by)
    .bind(action.code())
    .bind(subject.kind)
    .bind(subject.id)
    .bind(detail)
    .execute(tx.connection())
    .await
    .map_err(failed("writing to the audit log"))?;
    Ok(())
}

/// A line of the log as an administrator reads it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditLine {
    /// Its place in the log.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the service itself.
    pub by: Option<String>,
    /// What was done: `session.posted`.
    pub action: String,
    /// The kind of record.
    pub subject_kind: String,
    /// The record.
    pub subject_id: Uuid,
    /// What changed, as far as it was not erased.
    pub detail: Value,
    /// Whether it was, with a person it was about.
    pub is_erased: bool,
}

/// A bank's log before `before`, newest first, at most `limit` lines.
pub async fn list_events(tx: &mut Tx, before: Option<i64>, limit: i64) -> Result<Vec<AuditLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select e.position, e.at, a.name as by, e.action, e.subject_kind, e.subject_id, e.detail, e.is_erased
           from audit_line e left join account a on a.id = e.account_id
          where e.bank_id = $1 and ($2::bigint is null or e.position < $2)
          order by e.position desc
          limit $3",
    )
    .bind(bank)
    .bind(before)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the audit log"))
}

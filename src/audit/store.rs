//! SQL of the audit log.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::AuditEvent;
use crate::db::{DbError, failed};

/// Adds `event` at `now`, in the caller's transaction.
pub async fn insert_event(
    connection: &mut PgConnection,
    event: &AuditEvent,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into audit_event (bank_id, at, account_id, action, subject_kind, subject_id, detail)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(event.bank)
    .bind(now)
    .bind(event.by)
    .bind(event.action)
    .bind(event.subject_kind)
    .bind(event.subject)
    .bind(&event.detail)
    .execute(connection)
    .await
    .map_err(failed("writing to the audit log"))?;
    Ok(())
}

//! SQL of decisions not to clear somebody.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClearanceRefusalId, ClinicianId};

/// A decision not to clear somebody.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Refused {
    /// Why, in the administrator's words.
    pub reason: String,
    /// The administrator's name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a refusal by whoever acts.
pub async fn insert_refusal(
    tx: &mut Tx,
    id: ClearanceRefusalId,
    clinician: ClinicianId,
    reason: &str,
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into clearance_refusal (bank_id, id, clinician_id, reason, refused_by, refused_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(bank)
    .bind(id)
    .bind(clinician)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("refusing to clear a clinician"))?;
    Ok(())
}

/// The refusals of a clinician, the newest first.
pub async fn list_refusals(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<Refused>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select r.reason, a.name as by, r.refused_at as at
           from clearance_refusal r join account a on a.id = r.refused_by
          where r.bank_id = $1 and r.clinician_id = $2
          order by r.refused_at desc, r.id desc",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the refusals of a clinician"))
}

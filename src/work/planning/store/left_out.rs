//! SQL of whom administrators left out of sessions before a plan was made, so that it does not propose them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::eligibility::not_again::LeftOutReason;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PlanId, SessionId};

/// Somebody who was left out of a session before.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LeftOutRow {
    /// The session.
    pub session_id: SessionId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The practice's name.
    pub practice: String,
    /// Who.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub clinician: String,
    /// Why, where it was said.
    pub reason: Option<LeftOutReason>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who left them out.
    pub by: Option<String>,
}

/// Who was left out of open sessions of a date before, and is not a pair of the plan.
pub async fn list_left_out_before(
    tx: &mut Tx,
    plan: PlanId,
    date: NaiveDate,
) -> Result<Vec<LeftOutRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select n.session_id, s.starts_at, s.ends_at, f.name as practice, n.clinician_id, c.name as clinician,
                n.reason, n.since, a.name as by
           from session s
           join not_again n on n.bank_id = s.bank_id and n.session_id = s.id and n.cause = 'left_out'
           join practice f on f.bank_id = s.bank_id and f.id = s.practice_id
           join clinician_by_name c on c.bank_id = n.bank_id and c.id = n.clinician_id
           left join account a on a.id = n.by_account
          where s.bank_id = $1 and s.local_date = $3 and s.state = 'open'
            and not exists (select from plan_pair p
                             where p.bank_id = $1 and p.plan_id = $2 and p.session_id = n.session_id
                               and p.clinician_id = n.clinician_id)
          order by s.starts_at, f.name, s.id, c.name, c.id",
    )
    .bind(bank)
    .bind(plan)
    .bind(date)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who was left out before"))
}

//! SQL of what published plans gave to whom, for those who are told that they were not chosen.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId, PlanId, SessionId};
use crate::ground::mail::Recipient;
use crate::work::planning::why::Why;

/// The plans of a bank that were published in a span of time, in order of it.
pub async fn list_plans_published(
    tx: &mut Tx,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<PlanId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select id from plan
          where bank_id = $1 and state = 'published' and published_at >= $2 and published_at < $3
          order by published_at, id",
    )
    .bind(bank)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the plans that were published"))
}

/// A pair that a published plan offered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChosenRow {
    /// The session.
    pub session_id: SessionId,
    /// Whom it was offered to.
    pub clinician_id: ClinicianId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The practice's name.
    pub practice: String,
    /// What speaks for the pair.
    pub why: Vec<Why>,
    /// How many people may do the session.
    pub candidates: i32,
}

/// The pairs that a published plan offered, in order of start.
pub async fn list_chosen(tx: &mut Tx, plan: PlanId) -> Result<Vec<ChosenRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.session_id, p.clinician_id, s.starts_at, f.name as practice, p.why, p.candidates
           from plan_pair p
           join session s on s.bank_id = p.bank_id and s.id = p.session_id
           join practice f on f.bank_id = s.bank_id and f.id = s.practice_id
          where p.bank_id = $1 and p.plan_id = $2 and not p.already_booked and not p.left_out
          order by s.starts_at, s.id, p.clinician_id",
    )
    .bind(bank)
    .bind(plan)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the pairs a plan offered"))
}

/// Where mail reaches these clinicians, without those who no longer work with the bank.
pub async fn list_clinicians_to_tell(
    tx: &mut Tx,
    clinicians: &[ClinicianId],
) -> Result<Vec<(ClinicianId, Recipient)>, DbError> {
    let bank = tx.bank();
    let rows: Vec<(ClinicianId, AccountId, String, String)> = sqlx::query_as(
        "select c.id, c.account_id, c.name, c.email
           from clinician_by_name c
          where c.bank_id = $1 and c.id = any($2) and c.acts
          order by c.id",
    )
    .bind(bank)
    .bind(clinicians)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing clinicians to be told of a plan"))?;
    let told = |(id, account, name, address)| (id, Recipient { address, name, account: Some(account) });
    Ok(rows.into_iter().map(told).collect())
}

//! SQL of what came of the offers of a plan.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PlanId};
use crate::work::booking::messages::OFFER_LAPSING;

/// How many offers of a plan stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct AnswersOfPlan {
    /// Accepted.
    pub accepted: i64,
    /// Declined.
    pub declined: i64,
    /// Not answered in time.
    pub lapsed: i64,
    /// Taken back.
    pub withdrawn: i64,
    /// Not answered yet.
    pub waiting: i64,
}

/// Counts the offers of a plan by what came of them.
pub async fn count_answers_of_plan(tx: &mut Tx, plan: PlanId) -> Result<AnswersOfPlan, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select count(*) filter (where state = 'accepted') as accepted,
                count(*) filter (where state = 'declined') as declined,
                count(*) filter (where state = 'lapsed' or (state = 'open' and expires_at <= $3)) as lapsed,
                count(*) filter (where state = 'withdrawn') as withdrawn,
                count(*) filter (where state = 'open' and expires_at > $3) as waiting
           from offer
          where bank_id = $1 and plan_id = $2",
    )
    .bind(bank)
    .bind(plan)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the answers to a plan's offers"))
}

/// Somebody who has not answered offers of a plan.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NotAnswered {
    /// Who.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub name: String,
    /// How many offers they have not answered.
    pub offers: i64,
    /// When the first of them lapses.
    pub expires_at: DateTime<Utc>,
    /// When they were reminded last; none where they were not, of one of them at least.
    pub reminded_at: Option<DateTime<Utc>>,
}

/// Who has not answered offers of a plan, the first to lapse first.
pub async fn list_not_answered(tx: &mut Tx, plan: PlanId) -> Result<Vec<NotAnswered>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select c.id as clinician_id, c.name, count(*) as offers, min(o.expires_at) as expires_at,
                case when bool_and(m.at is not null) then max(m.at) end as reminded_at
           from offer o
           join clinician_by_name c on c.bank_id = o.bank_id and c.id = o.clinician_id
           left join lateral (select max(coalesce(m.finished_at, m.next_attempt_at)) as at from mail m
                               where m.bank_id = o.bank_id and m.offer_id = o.id and m.kind = $4) m on true
          where o.bank_id = $1 and o.plan_id = $2 and o.state = 'open' and o.expires_at > $3
          group by c.id, c.name
          order by min(o.expires_at), c.name, c.id",
    )
    .bind(bank)
    .bind(plan)
    .bind(now)
    .bind(OFFER_LAPSING.name)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who has not answered a plan's offers"))
}

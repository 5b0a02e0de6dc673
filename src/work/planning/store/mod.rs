//! SQL of plans.

pub mod chosen;
pub mod facts;
pub mod left_out;
pub mod pairs;
pub mod people;
pub mod spread;
pub mod unfilled;

use chrono::{DateTime, NaiveDate, Utc};

use super::cost::Cost;
use super::{Outcome, PlanState, PlanSummary};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::PlanId;

/// Adds a plan whose matching run has been asked for.
pub async fn insert_plan(
    tx: &mut Tx,
    id: PlanId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into plan (bank_id, id, from_date, until_date, state, requested_by, requested_at)
         values ($1, $2, $3, $4, 'running', $5, $6)",
    )
    .bind(bank)
    .bind(id)
    .bind(from)
    .bind(until)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a plan"))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    id: PlanId,
    from_date: NaiveDate,
    until_date: NaiveDate,
    state: PlanState,
    requested_by: String,
    requested_at: DateTime<Utc>,
    published_by: Option<String>,
    published_at: Option<DateTime<Utc>>,
    failure: Option<String>,
    score: Option<i64>,
    upper_bound: Option<i64>,
    bound_proof: Option<String>,
    places: Option<i32>,
    filled: Option<i32>,
    fill_upper_bound: Option<i32>,
    left_to_round: i32,
    pay_pence: Option<i64>,
    floor_pence: Option<i64>,
    ceiling_pence: Option<i64>,
    offering: Option<i32>,
    milliseconds: Option<i32>,
}

impl PlanRow {
    fn summary(self) -> PlanSummary {
        let sums = self.pay_pence.zip(self.floor_pence).zip(self.ceiling_pence.zip(self.offering));
        let cost = sums.map(|((pay_pence, floor_pence), (ceiling_pence, offering))| Cost {
            pay_pence,
            floor_pence,
            ceiling_pence,
            offering,
        });
        let outcome = self.score.zip(self.upper_bound).map(|(score, upper_bound)| Outcome {
            score,
            upper_bound,
            is_proven_by_prices: self.bound_proof.as_deref() == Some("prices"),
            places: self.places.unwrap_or(0),
            filled: self.filled.unwrap_or(0),
            fill_upper_bound: self.fill_upper_bound,
            left_to_round: self.left_to_round,
            cost,
            milliseconds: self.milliseconds.unwrap_or(0),
        });
        PlanSummary {
            id: self.id,
            from_date: self.from_date,
            until_date: self.until_date,
            state: self.state,
            requested_by: self.requested_by,
            requested_at: self.requested_at,
            published_by: self.published_by,
            published_at: self.published_at,
            failure: self.failure,
            outcome,
        }
    }
}

/// The plan of that id in that bank.
pub async fn find_plan(tx: &mut Tx, id: PlanId) -> Result<Option<PlanSummary>, DbError> {
    let bank = tx.bank();
    let row: Option<PlanRow> = sqlx::query_as(
        "select p.id, p.from_date, p.until_date, p.state, asker.name as requested_by, p.requested_at,
                publisher.name as published_by, p.published_at, p.failure, p.score, p.upper_bound, p.bound_proof,
                p.places, p.filled, p.fill_upper_bound, p.left_to_round, p.pay_pence,
                p.floor_pence, p.ceiling_pence, p.offering, p.milliseconds
           from plan p
           join account asker on asker.id = p.requested_by
           left join account publisher on publisher.id = p.published_by
          where p.bank_id = $1 and p.id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a plan"))?;
    Ok(row.map(PlanRow::summary))
}

/// The plans of a bank, newest first: `most` of them after the first `skipped`.
pub async fn list_plans(tx: &mut Tx, (most, skipped): (i64, i64)) -> Result<Vec<PlanSummary>, DbError> {
    let bank = tx.bank();
    let rows: Vec<PlanRow> = sqlx::query_as(
        "select p.id, p.from_date, p.until_date, p.state, asker.name as requested_by, p.requested_at,
                publisher.name as published_by, p.published_at, p.failure, p.score, p.upper_bound, p.bound_proof,
                p.places, p.filled, p.fill_upper_bound, p.left_to_round, p.pay_pence,
                p.floor_pence, p.ceiling_pence, p.offering, p.milliseconds
           from plan p
           join account asker on asker.id = p.requested_by
           left join account publisher on publisher.id = p.published_by
          where p.bank_id = $1
          order by p.requested_at desc, p.id desc
          limit $2 offset $3",
    )
    .bind(bank)
    .bind(most)
    .bind(skipped)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing plans"))?;
    Ok(rows.into_iter().map(PlanRow::summary).collect())
}

/// How many plans a bank has.
pub async fn count_plans(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from plan where bank_id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting plans"))
}

/// The state of a plan, which stays as it is until the caller's transaction ends.
pub async fn lock_plan(tx: &mut Tx, id: PlanId) -> Result<Option<PlanState>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select state from plan where bank_id = $1 and id = $2 for update")
        .bind(bank)
        .bind(id)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("locking a plan"))
}

/// What a matching run gives back to be kept.
#[derive(Debug, Clone)]
pub struct Computed {
    /// The problem file.
    pub problem: String,
    /// The plan file.
    pub plan: String,
    /// What it came to.
    pub outcome: Outcome,
}

/// Keeps the result of a run. False where the plan no longer waits for one.
pub async fn mark_ready(tx: &mut Tx, id: PlanId, computed: &Computed) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let outcome = &computed.outcome;
    let done = sqlx::query(
        "update plan set state = 'ready', ready_at = $3, problem = $4::text::jsonb, plan = $5::text::jsonb, score = $6,
                upper_bound = $7, bound_proof = $8, places = $9, filled = $10, fill_upper_bound = $11, milliseconds = $12,
                left_to_round = $13, pay_pence = $14, floor_pence = $15, ceiling_pence = $16, offering = $17
          where bank_id = $1 and id = $2 and state = 'running'",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(&computed.problem)
    .bind(&computed.plan)
    .bind(outcome.score)
    .bind(outcome.upper_bound)
    .bind(if outcome.is_proven_by_prices { "prices" } else { "branch_and_bound" })
    .bind(outcome.places)
    .bind(outcome.filled)
    .bind(outcome.fill_upper_bound)
    .bind(outcome.milliseconds)
    .bind(outcome.left_to_round)
    .bind(outcome.cost.map(|cost| cost.pay_pence))
    .bind(outcome.cost.map(|cost| cost.floor_pence))
    .bind(outcome.cost.map(|cost| cost.ceiling_pence))
    .bind(outcome.cost.map(|cost| cost.offering))
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the result of a matching run"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a worker begins the run of a plan, and gives how often that has happened; none where the plan no longer
/// waits for a run.
pub async fn mark_begun(tx: &mut Tx, id: PlanId) -> Result<Option<i16>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "update plan set tries = tries + 1 where bank_id = $1 and id = $2 and state = 'running' returning tries",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("noting that a matching run begins"))
}

/// Ends the waiting of plans, in every bank, whose run nobody will work on any more; gives how many there were.
pub async fn mark_stranded_failed(tx: &mut Tx, failure: &str) -> Result<u64, DbError> {
    let done = sqlx::query(
        "update plan p set state = 'failed', failure = $1
          where p.state = 'running'
            and not exists (select from job j
                             where j.kind = 'match' and j.unique_key = p.id::text and j.state in ('ready', 'running'))",
    )
    .bind(failure)
    .execute(tx.connection())
    .await
    .map_err(failed("ending the waiting of plans without a run"))?;
    Ok(done.rows_affected())
}

/// Notes why a run gave no plan. False where the plan no longer waits for one.
pub async fn mark_failed(tx: &mut Tx, id: PlanId, failure: &str) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update plan set state = 'failed', failure = $3 where bank_id = $1 and id = $2 and state = 'running'",
    )
    .bind(bank)
    .bind(id)
    .bind(failure)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that a matching run failed"))?;
    Ok(done.rows_affected() == 1)
}

/// Sets a plan aside. False where it was published or set aside before.
pub async fn mark_discarded(tx: &mut Tx, id: PlanId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update plan set state = 'discarded', failure = null
          where bank_id = $1 and id = $2 and state in ('running', 'ready', 'failed')",
    )
    .bind(bank)
    .bind(id)
    .execute(tx.connection())
    .await
    .map_err(failed("setting a plan aside"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a plan's offers are out. False where it was not ready.
pub async fn mark_published(tx: &mut Tx, id: PlanId) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "update plan set state = 'published', published_by = $3, published_at = $4
          where bank_id = $1 and id = $2 and state = 'ready'",
    )
    .bind(bank)
    .bind(id)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that a plan is published"))?;
    Ok(done.rows_affected() == 1)
}

/// The problem file a plan was made from.
pub async fn find_problem(tx: &mut Tx, id: PlanId) -> Result<Option<String>, DbError> {
    let bank = tx.bank();
    let found: Option<Option<String>> =
        sqlx::query_scalar("select problem::text from plan where bank_id = $1 and id = $2")
            .bind(bank)
            .bind(id)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("reading the problem of a plan"))?;
    Ok(found.flatten())
}

/// The plan file.
pub async fn find_plan_file(tx: &mut Tx, id: PlanId) -> Result<Option<String>, DbError> {
    let bank = tx.bank();
    let found: Option<Option<String>> =
        sqlx::query_scalar("select plan::text from plan where bank_id = $1 and id = $2")
            .bind(bank)
            .bind(id)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("reading the file of a plan"))?;
    Ok(found.flatten())
}

/// Takes homes, hours, rates and wishes out of the problems of plans that were asked for before an instant, and says of how
/// many. What the plans proposed stays.
pub async fn forget_people_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update plan set problem = problem || jsonb_build_object('clinicians', jsonb_build_array())
          where bank_id = $1 and requested_at < $2 and state not in ('running', 'ready')
            and jsonb_array_length(problem -> 'clinicians') > 0",
    )
    .bind(bank)
    .bind(before)
    .execute(tx.connection())
    .await;
    Ok(done.map_err(failed("forgetting whom plans were made of"))?.rows_affected())
}

//! The matching run: reads the bank, plans in a process of its own, checks the plan, and keeps it.

pub mod not_chosen;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;

use super::child::Run;
use super::cost::Cost;
use super::prepare::{Facts, Prepared, prepare};
use super::read::read_facts;
use super::runner_up::runners_up;
use super::store::facts::Scope;
use super::store::pairs::{NewPair, RunnerUp};
use super::store::people::Whom;
use super::store::unfilled::NewUnfilled;
use super::store::{self, Computed};
use super::why::Reasons;
use super::{Outcome, Pair, PlanState, PlanSummary};
use crate::eligibility::empty::Blocked;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::id::{BankId, PlanId, SessionId};
use crate::ground::queue::JobError;
use crate::terms::bank;
use matching::fits::Fit;
use matching_check::{candidates, check, prove};
use matching_model::format::{write_plan, write_problem};
use matching_model::plan::{Assignment, BoundProof};
use matching_model::{Plan, Problem};

/// The kind of this job.
pub const KIND: &str = "match";

/// What the job works on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    /// The bank.
    pub bank: BankId,
    /// The plan that waits for its result.
    pub plan: PlanId,
}

/// What people are told when a run gave no plan; the log has the rest.
const NO_PLAN: &str = "The matching run did not come to a plan. Try again, or plan fewer days at once.";

/// What people are told when the workers that ran matching stopped, or were stopped, before they came to a plan.
const INTERRUPTED: &str = "The matching run was interrupted before it came to a plan. Try again. If that happens once more, plan fewer days at once.";

/// A run whose worker died is begun again by another this often in all: a run that takes its worker down, for want of
/// memory, is not to do so again and again.
const MOST_TRIES: i16 = 2;

/// Makes the plan that was asked for, unless it was set aside meanwhile. A failure of the run is kept with the plan
/// and not tried again: the administrator decides.
pub async fn run(app: &App, payload: Value) -> Result<(), JobError> {
    let payload: Payload = serde_json::from_value(payload)?;
    let now = app.clock.now();
    if !begin(app, payload).await? {
        return Ok(());
    }
    let Some((facts, prepared)) = read(app, payload, now).await? else { return Ok(()) };
    match planned(app, &prepared).await {
        Ok(plan) => {
            let kept = Kept::of(&facts, &prepared, &plan).map_err(JobError::Failed)?;
            keep(app, payload, kept).await
        }
        Err(error) => {
            tracing::error!(plan = %payload.plan, error, "a matching run gave no plan");
            let mut tx = app.db.begin(Actor::job_of(payload.bank)).await?;
            store::mark_failed(&mut tx, payload.plan, NO_PLAN).await?;
            Ok(tx.commit().await?)
        }
    }
}

/// Whether the run is to go on: the plan waits for it, and it was not begun too often. That is noted before the run, in
/// a transaction of its own, since a worker that dies notes nothing after.
async fn begin(app: &App, payload: Payload) -> Result<bool, DbError> {
    let Payload { bank, plan } = payload;
    let mut tx = app.db.begin(Actor::job_of(bank)).await?;
    let tries = store::mark_begun(&mut tx, plan).await?;
    let is_too_often = tries.is_some_and(|tries| tries > MOST_TRIES);
    if is_too_often {
        store::mark_failed(&mut tx, plan, INTERRUPTED).await?;
    }
    tx.commit().await?;
    Ok(tries.is_some() && !is_too_often)
}

/// Ends the waiting of plans whose run is in the queue no more, so that nobody waits for them in vain.
pub async fn fail_stranded(app: &App, _payload: Value) -> Result<(), JobError> {
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let stranded = store::mark_stranded_failed(&mut tx, INTERRUPTED).await?;
    tx.commit().await?;
    if stranded > 0 {
        tracing::warn!(stranded, "plans waited for runs that nobody worked on");
    }
    Ok(())
}

/// What is open in the dates of the plan, and starts no sooner than offers lapse before their sessions. What a round decides
/// is left to it.
#[must_use]
pub fn scope_of(plan: &PlanSummary, notice: TimeDelta, now: DateTime<Utc>) -> Scope {
    Scope {
        from: plan.from_date,
        until: plan.until_date,
        starts_after: now + notice,
        sessions: None,
        clinicians: Whom::Everybody,
        leaves_rounds: true,
    }
}

async fn read(
    app: &App,
    payload: Payload,
    now: DateTime<Utc>,
) -> Result<Option<(Facts, Prepared)>, JobError> {
    let mut tx = app.db.look(Actor::job_of(payload.bank)).await?;
    let plan = store::find_plan(&mut tx, payload.plan).await?;
    let bank = bank::store::find_bank(&mut tx, payload.bank).await?;
    let (Some(plan), Some(bank)) = (plan, bank) else { return Ok(None) };
    if plan.state != PlanState::Running {
        return Ok(None);
    }
    let notice = TimeDelta::minutes(app.settings.offers.latest_minutes_before_start);
    let scope = scope_of(&plan, notice, now);
    let facts = read_facts(&mut tx, &scope, bank.time_zone, app.settings.matching.policy).await?;
    drop(tx);
    let prepared = prepare(&facts);
    Ok(Some((facts, prepared)))
}

/// The engine's plan, after it passed a checker that shares no code with the engine.
async fn planned(app: &App, prepared: &Prepared) -> Result<Plan, String> {
    prepared.problem.validate().map_err(|error| error.to_string())?;
    let run = Run::of(&app.settings.matching).map_err(|error| error.to_string())?;
    let plan = run.plan(file_of(&prepared.problem)?).await.map_err(|error| error.to_string())?;
    let problem = prepared.problem.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let mut faults = check(&problem, &plan).faults;
        if faults.is_empty() && plan.bound_proof == BoundProof::Prices {
            prove(&problem, &plan, &mut faults);
        }
        match faults.first() {
            None => Ok(plan),
            Some(fault) => Err(format!("the plan has {} faults, the first: {fault}", faults.len())),
        }
    });
    checked.await.map_err(|error| error.to_string())?
}

fn file_of(problem: &Problem) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    write_problem(problem, &mut file).map_err(|error| error.to_string())?;
    Ok(file)
}

/// A plan as it is kept.
#[derive(Debug, Clone)]
struct Kept {
    computed: Computed,
    pairs: Vec<NewPair>,
    unfilled: Vec<NewUnfilled>,
}

impl Kept {
    fn of(facts: &Facts, prepared: &Prepared, plan: &Plan) -> Result<Self, String> {
        let candidates = candidates(&prepared.problem).map_err(|fault| fault.to_string())?;
        let reasons = Reasons::of(&prepared.problem, &candidates);
        let next = runners_up(&prepared.problem, plan).map_err(|error| error.to_string())?;
        let booked = prepared.problem.booked.iter();
        let booked: BTreeSet<(&str, &str)> =
            booked.map(|pair| (pair.session.as_str(), pair.clinician.as_str())).collect();
        let mut pairs = Vec::with_capacity(plan.assignments.len());
        for assignment in &plan.assignments {
            let pair = pair_of(assignment)?;
            if is_planned(facts, &assignment.session) {
                let already_booked =
                    booked.contains(&(assignment.session.as_str(), assignment.clinician.as_str()));
                let runner_up = next.get(&assignment.session).filter(|_| !already_booked);
                let runner_up = runner_up.map(runner_up_of).transpose()?;
                let pair = new_pair(pair, assignment, already_booked, &reasons);
                pairs.push(NewPair { runner_up, ..pair });
            }
        }
        let mut unfilled = Vec::with_capacity(plan.unfilled.len() + prepared.closed.len());
        for session in &plan.unfilled {
            unfilled.push(NewUnfilled {
                session: id_of(&session.session)?,
                places_left: i16::try_from(session.places_left).unwrap_or(i16::MAX),
                reason: session.reason.into(),
                blocked: Json(Blocked(session.blocked.clone())),
                remedies: Json(session.remedies.clone()),
            });
        }
        for closed in prepared.closed.iter().filter(|closed| closed.places_left > 0) {
            unfilled.push(NewUnfilled {
                session: closed.session,
                places_left: i16::try_from(closed.places_left).unwrap_or(i16::MAX),
                reason: closed.reason,
                blocked: Json(Blocked::default()),
                remedies: Json(Vec::new()),
            });
        }
        let computed = Computed {
            problem: text_of(file_of(&prepared.problem)?)?,
            plan: {
                let mut file = Vec::new();
                write_plan(plan, &mut file).map_err(|error| error.to_string())?;
                text_of(file)?
            },
            outcome: outcome_of(facts, prepared, plan),
        };
        Ok(Self { computed, pairs, unfilled })
    }
}

/// Whether the plan was asked for that session, and no round decides it.
fn is_planned(facts: &Facts, session: &str) -> bool {
    let id: Result<SessionId, _> = session.parse();
    let found = id.map(|id| facts.sessions.binary_search_by_key(&id, |row| row.id));
    matches!(found, Ok(Ok(at)) if facts.sessions.get(at).is_some_and(|row| !row.is_in_round))
}

fn runner_up_of((clinician, fit): &(String, Fit)) -> Result<RunnerUp, String> {
    let small = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
    let (pay_pence, road_metres) = (small(fit.pay_pence), small(fit.road_metres));
    Ok(RunnerUp { clinician: id_of(clinician)?, pay_pence, road_metres })
}

/// What the run came to, in places of the dates: without bookings that only take time, and with places that are
/// closed or taken by people who are not in the problem.
fn outcome_of(facts: &Facts, prepared: &Prepared, plan: &Plan) -> Outcome {
    let beside = i64::from(prepared.places_beside) - i64::from(prepared.places_taken);
    let own = |count: u64| {
        let count = i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(beside);
        i32::try_from(count).unwrap_or(i32::MAX)
    };
    let closed: u32 = prepared.closed.iter().map(|closed| closed.places_left).sum();
    Outcome {
        score: plan.score,
        upper_bound: plan.upper_bound,
        is_proven_by_prices: plan.bound_proof == BoundProof::Prices,
        places: own(plan.places).saturating_add(i32::try_from(closed).unwrap_or(i32::MAX)),
        filled: own(plan.filled),
        fill_upper_bound: plan.fill_upper_bound.map(own),
        cost: {
            let asked = plan.assignments.iter().filter(|pair| is_planned(facts, &pair.session));
            Some(Cost::of(facts, asked))
        },
        left_to_round: {
            let left = facts.sessions.iter().filter(|row| row.is_in_round).count();
            i32::try_from(left).unwrap_or(i32::MAX)
        },
        milliseconds: i32::try_from(plan.seconds.0 / 1_000).unwrap_or(i32::MAX),
    }
}

fn new_pair(pair: Pair, assignment: &Assignment, already_booked: bool, reasons: &Reasons<'_>) -> NewPair {
    let small = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
    NewPair {
        pair,
        rate_pence_per_hour: small(assignment.rate_pence_per_hour),
        pay_pence: small(assignment.pay_pence),
        road_metres: small(assignment.road_metres),
        score: assignment.score,
        already_booked,
        runner_up: None,
        why: if already_booked { Vec::new() } else { reasons.why(assignment) },
        candidates: i32::try_from(reasons.candidates(&assignment.session)).unwrap_or(i32::MAX),
    }
}

fn pair_of(assignment: &Assignment) -> Result<Pair, String> {
    Ok(Pair { session: id_of(&assignment.session)?, clinician: id_of(&assignment.clinician)? })
}

fn id_of<T: std::str::FromStr>(id: &str) -> Result<T, String> {
    id.parse().map_err(|_not_ours| format!("the plan names {id}, which is no id of ours"))
}

fn text_of(file: Vec<u8>) -> Result<String, String> {
    String::from_utf8(file).map_err(|error| error.to_string())
}

async fn keep(app: &App, payload: Payload, kept: Kept) -> Result<(), JobError> {
    let Payload { bank, plan } = payload;
    let mut tx = app.db.begin(Actor::job_of(bank)).await?;
    if store::mark_ready(&mut tx, plan, &kept.computed).await? {
        store::pairs::insert_pairs(&mut tx, plan, &kept.pairs).await?;
        store::unfilled::insert_unfilled(&mut tx, plan, &kept.unfilled).await?;
    }
    Ok(tx.commit().await?)
}

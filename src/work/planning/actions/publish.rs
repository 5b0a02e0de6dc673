//! Publishing: the pairs of a plan become offers, all in one transaction, or none when anything has moved.

use chrono_tz::Tz;
use serde_json::json;

use crate::eligibility::not_again::Cause;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{ClinicianId, PlanId, SessionId};
use crate::work::booking::actions::publish::{OfferError, insert_offers};
use crate::work::booking::desk::Desk;
use crate::work::booking::offer::OfferToMake;
use crate::work::booking::store::lock::{lock_clinicians, lock_sessions};
use crate::work::booking::store::not_again::upsert_not_again;
use crate::work::planning::jobs::scope_of;
use crate::work::planning::moved::{Comparison, Movement, Offering};
use crate::work::planning::prepare::prepare;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::pairs::ProposedRow;
use crate::work::planning::store::people::Whom;
use crate::work::planning::{PlanState, store};
use matching_check::Fault;
use matching_model::format::problem_from_slice;
use matching_model::policy::Policy;
use matching_model::{Problem, ProblemError};

/// Why a plan was not published. No offer was made.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no such plan in the bank.
    #[error("publishing a plan that is not there")]
    NotFound,
    /// It is not ready: somebody published it, or set it aside.
    #[error("publishing a plan that is not ready")]
    NotReady(PlanState),
    /// Facts moved since the plan was made: one sentence for each pair.
    #[error("publishing a plan of which {} pairs have moved", .0.len())]
    Moved(Vec<String>),
    /// The problem it was made from can't be read any more.
    #[error("reading the problem a plan was made from")]
    Unreadable(#[source] ProblemError),
    /// The facts of now make no problem.
    #[error("comparing a plan with the facts of now")]
    Unjudged(#[source] Fault),
    /// The booking desk made no offers.
    #[error("making the offers of a plan")]
    Offers(#[source] OfferError),
    /// The database failed.
    #[error("publishing a plan")]
    Database(#[source] DbError),
}

impl From<DbError> for PublishError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Which plan is published, by which rules.
#[derive(Debug, Clone)]
pub struct Publishing {
    /// The bank's zone.
    pub zone: Tz,
    /// The plan.
    pub plan: PlanId,
    /// The weights, for reading the facts again.
    pub policy: Policy,
    /// How offers are made.
    pub desk: Desk,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Offers made.
    pub offers: usize,
    /// Pairs whose place an earlier offer still holds.
    pub waiting: usize,
}

/// Publishes a plan in the caller's transaction; pairs that were left out of it are not proposed again. It locks the plan, its sessions and its clinicians; reads their facts
/// again; and makes the offers and their mails when every pair still holds.
pub async fn publish(tx: &mut Tx, publishing: &Publishing) -> Result<Published, PublishError> {
    let plan = publishing.plan;
    match store::lock_plan(tx, plan).await? {
        None => return Err(PublishError::NotFound),
        Some(PlanState::Ready) => {}
        Some(other) => return Err(PublishError::NotReady(other)),
    }
    let proposed = store::pairs::list_proposed(tx, plan).await?;
    let offering = recheck(tx, publishing, &proposed).await?;
    let wanted: Vec<OfferToMake> = offering.pairs.iter().map(|row| to_make(row, plan)).collect();
    let offers = insert_offers(tx, &publishing.desk, &wanted).await.map_err(PublishError::Offers)?;
    let left_out = store::pairs::list_left_out(tx, plan).await?;
    upsert_not_again(tx, &left_out, Cause::LeftOut).await?;
    if !store::mark_published(tx, plan).await? {
        return Err(PublishError::NotReady(PlanState::Published));
    }
    let published = Published { offers: offers.len(), waiting: offering.waiting.len() };
    let detail = json!({ "offers": published.offers, "places_held_by_earlier_offers": published.waiting });
    audit::record(tx, Action::PlanPublished, plan, detail).await?;
    Ok(published)
}

/// Reads the facts of the proposed pairs again, under lock, and says which of them get an offer.
async fn recheck(
    tx: &mut Tx,
    publishing: &Publishing,
    proposed: &[ProposedRow],
) -> Result<Offering, PublishError> {
    let now = tx.now();
    let plan = publishing.plan;
    let sessions: Vec<SessionId> = distinct(proposed.iter().map(|row| row.session_id));
    let clinicians: Vec<ClinicianId> = distinct(proposed.iter().map(|row| row.clinician_id));
    lock_sessions(tx, &sessions).await?;
    lock_clinicians(tx, &clinicians).await?;
    let summary = store::find_plan(tx, plan).await?.ok_or(PublishError::NotFound)?;
    let file = store::find_problem(tx, plan).await?.ok_or(PublishError::NotFound)?;
    let then: Problem = problem_from_slice(file.as_bytes()).map_err(PublishError::Unreadable)?;
    let scope = Scope {
        sessions: Some(sessions),
        clinicians: Whom::These(clinicians),
        ..scope_of(&summary, publishing.desk.latest_before_start, now)
    };
    let facts = read_facts(tx, &scope, publishing.zone, publishing.policy).await?;
    let prepared = prepare(&facts);
    let comparison = Comparison::of(&then, &facts, &prepared);
    let mut moved = comparison.movements(proposed).map_err(PublishError::Unjudged)?;
    let offering = comparison.to_be_offered(proposed);
    for pair in &offering.moved {
        moved.entry(*pair).or_insert(Movement::Offered);
    }
    if moved.is_empty() {
        return Ok(offering);
    }
    let said =
        proposed.iter().filter_map(|row| moved.get(&row.pair()).map(|movement| movement.sentence(row)));
    Err(PublishError::Moved(said.collect()))
}

fn to_make(row: &ProposedRow, plan: PlanId) -> OfferToMake {
    OfferToMake {
        session: row.session_id,
        clinician: row.clinician_id,
        rate_pence_per_hour: row.rate_pence_per_hour,
        pay_pence: row.pay_pence,
        road_metres: row.road_metres,
        plan: Some(plan),
    }
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

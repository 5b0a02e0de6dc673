//! Publishing: the pairs of a plan become offers, all in one transaction. What has moved since it was made is shown before the
//! others are offered.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PlanId;
use crate::terms::rules::Answers;
use crate::work::booking::actions::publish::{OfferError, insert_offers};
use crate::work::booking::desk::Desk;
use crate::work::booking::offer::OfferToMake;
use crate::work::booking::store::lock::{lock_clinicians, lock_sessions};
use crate::work::planning::jobs::scope_of;
use crate::work::planning::moved::{Comparison, Movement};
use crate::work::planning::prepare::prepare;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::pairs::ProposedRow;
use crate::work::planning::store::people::Whom;
use crate::work::planning::{Pair, PlanState, PlanSummary, store};
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
    /// Facts moved since the plan was made, which nobody has seen yet: what publishing would do now.
    #[error("publishing a plan of which {} pairs have moved", .0.moved.len())]
    Moved(Box<Foreseen>),
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
    /// The pairs of which whoever publishes has read that they moved: these are not offered, and the others are.
    pub seen: BTreeSet<Pair>,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Offers made.
    pub offers: usize,
    /// Pairs whose place an earlier offer still holds.
    pub waiting: usize,
    /// Pairs that don't hold any more, and were not offered.
    pub moved: usize,
}

/// What publishing would do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// How long people have to answer.
    pub answers: Answers,
    /// Pairs that would get an offer.
    pub offers: Vec<ProposedRow>,
    /// Pairs that hold an open offer already.
    pub out: usize,
    /// Pairs whose place an earlier offer holds until it is answered.
    pub waiting: usize,
    /// Pairs that an administrator left out.
    pub left_out: usize,
    /// Pairs that don't hold any more, each with what has moved, in order of start.
    pub moved: Vec<(ProposedRow, Movement)>,
}

/// Says what publishing a plan would do now, and changes nothing.
pub async fn find_foreseen(
    tx: &mut Tx,
    publishing: &Publishing,
    plan: &PlanSummary,
) -> Result<Foreseen, PublishError> {
    let proposed = store::pairs::list_proposed(tx, plan.id, None).await?;
    foresee(tx, publishing, plan, &proposed).await
}

/// Publishes a plan in the caller's transaction. It locks the plan, its sessions and its clinicians; reads their facts
/// again; and makes the offers and their mails of every pair that still holds, when `publishing` has seen what has moved of
/// the others.
pub async fn publish(tx: &mut Tx, publishing: &Publishing) -> Result<Published, PublishError> {
    let plan = publishing.plan;
    match store::lock_plan(tx, plan).await? {
        None => return Err(PublishError::NotFound),
        Some(PlanState::Ready) => {}
        Some(other) => return Err(PublishError::NotReady(other)),
    }
    let proposed = store::pairs::list_proposed(tx, plan, None).await?;
    lock_sessions(tx, &distinct(proposed.iter().map(|row| row.session_id))).await?;
    lock_clinicians(tx, &distinct(proposed.iter().map(|row| row.clinician_id))).await?;
    let summary = store::find_plan(tx, plan).await?.ok_or(PublishError::NotFound)?;
    let foreseen = foresee(tx, publishing, &summary, &proposed).await?;
    if !foreseen.moved.iter().all(|(row, _)| publishing.seen.contains(&row.pair())) {
        return Err(PublishError::Moved(Box::new(foreseen)));
    }
    let wanted: Vec<OfferToMake> = foreseen.offers.iter().map(|row| to_make(row, plan)).collect();
    let offers = insert_offers(tx, &publishing.desk, &wanted).await.map_err(PublishError::Offers)?;
    if !store::mark_published(tx, plan).await? {
        return Err(PublishError::NotReady(PlanState::Published));
    }
    let published =
        Published { offers: offers.len(), waiting: foreseen.waiting, moved: foreseen.moved.len() };
    let detail = json!({
        "offers": published.offers, "places_held_by_earlier_offers": published.waiting,
        "pairs_that_moved": published.moved, "pairs_left_out": foreseen.left_out,
    });
    audit::record(tx, Action::PlanPublished, plan, detail).await?;
    Ok(published)
}

/// Reads the facts of the proposed pairs again, and says which of them would get an offer.
async fn foresee(
    tx: &mut Tx,
    publishing: &Publishing,
    plan: &PlanSummary,
    proposed: &[ProposedRow],
) -> Result<Foreseen, PublishError> {
    let now = tx.now();
    let (left_out, proposed): (Vec<ProposedRow>, Vec<ProposedRow>) =
        proposed.iter().cloned().partition(|row| row.left_out);
    let file = store::find_problem(tx, plan.id).await?.ok_or(PublishError::NotFound)?;
    let then: Problem = problem_from_slice(file.as_bytes()).map_err(PublishError::Unreadable)?;
    let scope = Scope {
        sessions: Some(distinct(proposed.iter().map(|row| row.session_id))),
        clinicians: Whom::These(distinct(proposed.iter().map(|row| row.clinician_id))),
        ..scope_of(plan, publishing.desk.latest_before_start, now)
    };
    let facts = read_facts(tx, &scope, publishing.zone, publishing.policy).await?;
    let prepared = prepare(&facts);
    let comparison = Comparison::of(&then, &facts, &prepared);
    let mut moved = comparison.movements(&proposed).map_err(PublishError::Unjudged)?;
    let (gone, held): (Vec<ProposedRow>, Vec<ProposedRow>) =
        proposed.iter().cloned().partition(|row| moved.contains_key(&row.pair()));
    let offering = comparison.to_be_offered(&held);
    for pair in &offering.moved {
        moved.insert(*pair, Movement::Offered);
    }
    let out = held.len() - offering.pairs.len() - offering.waiting.len() - offering.moved.len();
    let taken = held.into_iter().filter(|row| offering.moved.contains(&row.pair()));
    let mut rows: Vec<ProposedRow> = gone.into_iter().chain(taken).collect();
    rows.sort_by_key(|row| (row.starts_at, row.pair()));
    let with_movement = |row: ProposedRow| moved.remove(&row.pair()).map(|movement| (row, movement));
    Ok(Foreseen {
        answers: facts.answers.unwrap_or(publishing.desk.answers),
        offers: offering.pairs,
        out,
        waiting: offering.waiting.len(),
        left_out: left_out.len(),
        moved: rows.into_iter().filter_map(with_movement).collect(),
    })
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

//! A person decides about a plan before it is published: which pairs are offered, or that none is.

use serde_json::json;

use crate::eligibility::not_again::{Cause, LeftOutReason};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PlanId;
use crate::work::booking::store::not_again::{delete_not_again, set_left_out_reason, upsert_not_again};
use crate::work::planning::{Pair, PlanState, store};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum NotDecided {
    /// There is no such plan in the bank.
    #[error("deciding about a plan that is not there")]
    NotFound,
    /// It stands so that this can't be decided any more, or not yet.
    #[error("deciding about a plan that can't be decided about")]
    NotReady(PlanState),
    /// The database failed.
    #[error("deciding about a plan")]
    Database(#[source] DbError),
}

impl From<DbError> for NotDecided {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Leaves a proposed pair out of a plan, and says why. It is kept at once, and the next plans leave the pair out too, whatever
/// becomes of this one.
pub async fn leave_out(
    tx: &mut Tx,
    plan: PlanId,
    pair: Pair,
    reason: LeftOutReason,
) -> Result<(), NotDecided> {
    ready(tx, plan).await?;
    if !store::pairs::mark_left_out(tx, plan, pair, true).await? {
        return Err(NotDecided::NotFound);
    }
    let whom = (pair.session, pair.clinician);
    upsert_not_again(tx, &[whom], Cause::LeftOut).await?;
    set_left_out_reason(tx, whom, reason).await?;
    let detail = json!({ "clinician": pair.clinician, "plan": plan, "reason": reason.code() });
    Ok(audit::record(tx, Action::PairLeftOut, pair.session, detail).await?)
}

/// Takes back that a pair was left out, of this plan or of one before. Whether this plan proposes it.
pub async fn take_in(tx: &mut Tx, plan: PlanId, pair: Pair) -> Result<bool, NotDecided> {
    ready(tx, plan).await?;
    let is_proposed = store::pairs::mark_left_out(tx, plan, pair, false).await?;
    let was_left_out = delete_not_again(tx, (pair.session, pair.clinician), &[Cause::LeftOut]).await?;
    if !is_proposed && !was_left_out {
        return Err(NotDecided::NotFound);
    }
    let detail = json!({ "clinician": pair.clinician, "plan": plan });
    audit::record(tx, Action::SessionProposedAgain, pair.session, detail).await?;
    Ok(is_proposed)
}

/// Keeps a plan ready until the transaction ends.
async fn ready(tx: &mut Tx, plan: PlanId) -> Result<(), NotDecided> {
    match store::lock_plan(tx, plan).await?.ok_or(NotDecided::NotFound)? {
        PlanState::Ready => Ok(()),
        state => Err(NotDecided::NotReady(state)),
    }
}

/// Sets a plan aside that has not been published. Its offers were never made.
pub async fn set_plan_aside(tx: &mut Tx, plan: PlanId) -> Result<(), NotDecided> {
    let state = store::lock_plan(tx, plan).await?.ok_or(NotDecided::NotFound)?;
    if !store::mark_discarded(tx, plan).await? {
        return Err(NotDecided::NotReady(state));
    }
    Ok(audit::record(tx, Action::PlanSetAside, plan, json!({})).await?)
}

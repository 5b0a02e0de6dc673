//! A person decides about a plan before it is published: which pairs are offered, or that none is.

use chrono::NaiveDate;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PlanId;
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

/// Keeps which pairs of a day are to be offered: those of `kept`, and no other of that day.
pub async fn keep_pairs(tx: &mut Tx, plan: PlanId, day: NaiveDate, kept: &[Pair]) -> Result<(), NotDecided> {
    match store::lock_plan(tx, plan).await?.ok_or(NotDecided::NotFound)? {
        PlanState::Ready => Ok(store::pairs::mark_left_out(tx, plan, day, kept).await?),
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

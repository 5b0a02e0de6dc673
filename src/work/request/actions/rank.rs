//! A clinician says in which order they want what they ask for in a round.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::RequestId;
use crate::people::clinician::actions::lock_own;
use crate::work::booking::error::DeskError;
use crate::work::request::store::rounds::set_choices;
use crate::work::round::store::{set_most, share_open};

/// In which order somebody wants what they ask for in the open round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// The requests, each with which choice it is: the smaller, the sooner they want it.
    pub choices: Vec<(RequestId, i16)>,
    /// How many of them they want at most.
    pub most: Option<i16>,
}

/// Whoever acts puts their requests of the open round in order. False where the round has closed meanwhile.
pub async fn rank_requests(tx: &mut Tx, ranking: &Ranking) -> Result<bool, DeskError> {
    let own = lock_own(tx).await?;
    let Some(round) = share_open(tx).await? else { return Ok(false) };
    if round.decided_at.is_some() {
        return Ok(false);
    }
    set_choices(tx, (round.id, own), &ranking.choices).await?;
    set_most(tx, (round.id, own), ranking.most).await?;
    let choices: Vec<_> =
        ranking.choices.iter().map(|(id, choice)| json!({ "request": id, "choice": choice })).collect();
    let detail = json!({ "choices": choices, "most": ranking.most });
    audit::record(tx, Action::RequestsRanked, round.id, detail).await?;
    Ok(true)
}

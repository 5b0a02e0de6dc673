//! What requests need done by themselves: they end where their session wants nobody any more, rounds are decided, and what
//! nobody confirms goes back.

use serde_json::Value;

use super::actions::decide::{Kept, gather, keep_decision};
use super::actions::end_overtaken;
use super::actions::lapse::lapse_proposals;
use super::actions::next::{LEAST_TO_CONFIRM, propose_next};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::{BankId, RoundId};
use crate::ground::queue::JobError;
use crate::work::booking::error::DeskError;
use crate::work::request::store::came_back::list_came_back;
use crate::work::round::store::list_to_decide;
use matching::round::decide;

/// Ends every request whose session was filled or withdrawn, or has begun, and tells its clinician.
pub async fn end_requests(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let ended = end_overtaken(&mut tx, &letterhead).await.map_err(failed)?;
        tx.commit().await?;
        if ended == 0 {
            return Ok(());
        }
    }
}

/// Ends every proposal that its practice did not confirm in time, and tells its clinician.
pub async fn lapse_unconfirmed(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let ended = lapse_proposals(&mut tx, &letterhead).await.map_err(failed)?;
        tx.commit().await?;
        if ended == 0 {
            return Ok(());
        }
    }
}

/// Proposes the next in turn for what rounds gave somebody and what came back.
pub async fn propose_what_came_back(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    let confirm_after = app.clock.now() + LEAST_TO_CONFIRM;
    let came_back = list_came_back(&mut app.db.look(Actor::SERVICE).await?, confirm_after).await?;
    for what in came_back {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        propose_next(&mut tx, &letterhead, what).await.map_err(failed)?;
        tx.commit().await?;
    }
    Ok(())
}

/// Decides every round that has closed.
pub async fn decide_rounds(app: &App, _payload: Value) -> Result<(), JobError> {
    let due = list_to_decide(&mut app.db.look(Actor::SERVICE).await?).await?;
    for (bank, round) in due {
        decide_round(app, bank, round).await?;
    }
    Ok(())
}

/// How often a round is read again because somebody took a request back meanwhile.
const MOST_TRIES: usize = 20;

/// Decides one round, without holding the database while the core thinks. What moved meanwhile is seen when the decision is
/// kept, and the round is read again.
async fn decide_round(app: &App, bank: BankId, round: RoundId) -> Result<(), JobError> {
    let (letterhead, usual) = (app.letterhead(), app.settings.matching.policy);
    for _ in 0..MOST_TRIES {
        let read = {
            let mut tx = app.db.look(Actor::job_of(bank)).await?;
            gather(&mut tx, round, usual).await.map_err(failed)?
        };
        let Some(gathering) = read else { return Ok(()) };
        let asked = gathering.drawn.round.clone();
        let decided = tokio::task::spawn_blocking(move || decide(&asked)).await;
        let decided = decided.map_err(|error| JobError::Failed(error.to_string()))?;
        let decision = decided.map_err(|error| JobError::Failed(error.to_string()))?;
        let mut tx = app.db.begin(Actor::job_of(bank)).await?;
        let kept = keep_decision(&mut tx, &letterhead, &gathering, &decision).await.map_err(failed)?;
        tx.commit().await?;
        if kept != Kept::Moved {
            return Ok(());
        }
    }
    Err(JobError::Failed("requests of the round went on being taken back".to_owned()))
}

fn failed(error: DeskError) -> JobError {
    match error {
        DeskError::Database(error) => error.into(),
        other => JobError::Failed(other.to_string()),
    }
}

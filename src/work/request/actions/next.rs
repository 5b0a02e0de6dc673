//! What a round gave somebody, and what came back, goes to the next in turn: the practice declined them, they took it back,
//! or could be booked in it no more.
//!
//! What everybody else was given stays as they were told. Of those who asked for the session in the same round, the first in
//! turn whom it still goes with is proposed, and the practice confirms by the round's own time.

use chrono::TimeDelta;
use serde_json::json;

use crate::eligibility::facts::PairFacts;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::{BankId, RoundId, SessionId};
use crate::ground::mail::{self, Letterhead};
use crate::work::booking::error::DeskError;
use crate::work::booking::people;
use crate::work::booking::store::facts::{list_pairs, list_sessions};
use crate::work::booking::store::lock::lock_sessions;
use crate::work::booking::store::offers::list_holders;
use crate::work::request::deciding::goes_with_all;
use crate::work::request::messages::{Occasion, round_proposals, round_results};
use crate::work::request::store::came_back::{
    list_proposed_of, lock_next_in_turn, mark_proposed_after_all, wants_proposal,
};
use crate::work::request::{Request, RequestState};
use crate::work::round::Round;
use crate::work::round::store::find_round;

/// A practice has at least so long to confirm; what comes back later is left to plans.
pub const LEAST_TO_CONFIRM: TimeDelta = TimeDelta::hours(4);

/// Proposes the next in turn for a session of a round that came back; whether there was one.
pub async fn propose_next(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (bank, round, session): (BankId, RoundId, SessionId),
) -> Result<bool, DeskError> {
    tx.go_to_bank(bank).await?;
    lock_sessions(tx, &[session]).await?;
    let round = find_round(tx, round).await?.ok_or(DeskError::NotFound)?;
    if !wants_proposal(tx, session).await? {
        return Ok(false);
    }
    for request in lock_next_in_turn(tx, round.id, session).await? {
        let now = tx.now();
        let found = list_pairs(tx, &[(session, request.clinician)], now).await?.pop();
        let Some(facts) = found else { continue };
        let beside = list_proposed_of(tx, request.clinician).await?;
        let beside = list_sessions(tx, &beside).await?;
        if goes_with_all(&facts, &beside)? {
            propose(tx, letterhead, (&round, &request), &facts).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn propose(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (round, request): (&Round, &Request),
    facts: &PairFacts,
) -> Result<(), DeskError> {
    mark_proposed_after_all(tx, request.id).await?;
    let proposed = Request { state: RequestState::Proposed, ..request.clone() };
    events::record(tx, &[Happened::RequestProposed(proposed.as_subject())]).await?;
    let detail =
        json!({ "number": round.number, "session": request.session, "clinician": request.clinician });
    audit::record(tx, Action::RequestProposed, request.id, detail).await?;
    let session = &facts.session;
    let holder = list_holders(tx, &[request.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
    let asker = people::of_holder(&holder);
    let occasion = Occasion::CameBack(request.id);
    let mut mails = vec![round_results::mail((round, occasion), &[(&proposed, session)], &asker, letterhead)];
    for manager in people::list_of_practice(tx, session.practice).await? {
        let pair = [(&asker, session)];
        mails.push(round_proposals::mail((round, occasion), &pair, &manager, letterhead));
    }
    let mails: Vec<_> = mails.into_iter().collect::<Result<_, _>>().map_err(DeskError::Unwritten)?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}

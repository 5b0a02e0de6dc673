//! What can be done about requests.

pub mod decide;
pub mod lapse;
pub mod next;
pub mod rank;

use serde_json::json;

use crate::eligibility::facts::PairFacts;
use crate::eligibility::judge::judge;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::wishes::Wishes;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::{BookingId, ClinicianId, OfferId, RequestId, SessionId};
use crate::ground::mail::{self, Letterhead};
use crate::people::clinician::actions::{find_own, lock_own};
use crate::people::practice::store::trust::is_trusted;
use crate::work::booking::actions::book::book;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::people;
use crate::work::booking::refusal::{Refusal, refuse_closed};
use crate::work::booking::store::facts::{list_pairs, list_sessions};
use crate::work::booking::store::lock::{lock_clinicians, lock_sessions};
use crate::work::booking::store::offers::list_holders;
use crate::work::booking::{Wish, pay_pence};
use crate::work::request::messages::{request_declined, request_ended, session_requested};
use crate::work::request::{Answer, DeclineReason, Request, RequestState, store};
use crate::work::round::Round;
use crate::work::round::actions::{NotAnnounced, draw_secret};
use crate::work::round::store::{insert_entry, share_open};

/// What came of asking for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The practice has the request.
    Waits(RequestId),
    /// They are booked, since the practice books them at once.
    Booked(BookingId),
    /// It gathers in this round with others, and the practice is asked when that is decided.
    Gathers(RequestId, i32),
    /// It waited already.
    WaitedBefore(RequestId),
    /// The session is offered to them already, and they need only say yes.
    IsOffered(OfferId),
}

/// What somebody would be paid who asks for a session: pence an hour and in all.
///
/// # Errors
/// Why they can't be booked in it, whatever they wish.
pub fn terms_of(facts: &PairFacts) -> Result<(i32, i32), DeskError> {
    let range = facts.range.as_ref().ok_or(Obstacle::NoRateRange)?;
    let own = facts.clinician.own_rate_pence_per_hour.ok_or(Obstacle::Asks(None))?;
    let rate = own.max(range.payable(&facts.session).0);
    judge(facts, Wishes::None, rate).map_err(DeskError::Unjudged)??;
    Ok((rate, pay_pence(rate, facts.session.minutes())))
}

/// Whoever acts asks for a session, with what they say to the practice. Asking twice is asking once.
pub async fn ask_for_session(
    tx: &mut Tx,
    desk: &Desk,
    session: SessionId,
    note: &str,
) -> Result<Asked, DeskError> {
    let own = find_own(tx).await?;
    let now = tx.now();
    lock_sessions(tx, &[session]).await?;
    lock_clinicians(tx, &[own]).await?;
    let standing = store::find_standing(tx, (session, own)).await?.ok_or(DeskError::NotFound)?;
    if let Some(offer) = standing.offer_id {
        return Ok(Asked::IsOffered(offer));
    }
    if let Some(waiting) = standing.request_id {
        return Ok(Asked::WaitedBefore(waiting));
    }
    let facts = list_pairs(tx, &[(session, own)], now).await?.pop().ok_or(DeskError::NotFound)?;
    refuse_closed(&facts.session, now)?;
    standing.refuse_unless_open()?;
    if !standing.wants_somebody {
        return Err(Refusal::SessionFilled.into());
    }
    let (rate, pay) = terms_of(&facts)?;
    let round = share_open(tx).await?.filter(|round| round.takes(facts.session.starts_at));
    let request = Request {
        id: RequestId::new(),
        session,
        clinician: own,
        note: note.to_owned(),
        requested_at: now,
        round: round.as_ref().map(|round| round.id),
        choice: 1,
        state: RequestState::Waiting,
    };
    store::insert_request(tx, &request).await?;
    events::record(tx, &[Happened::RequestMade(request.as_subject())]).await?;
    audit::record(tx, Action::RequestMade, request.id, json!({ "session": session, "clinician": own }))
        .await?;
    if let Some(round) = round {
        enter(tx, &round, own).await?;
        return Ok(Asked::Gathers(request.id, round.number));
    }
    let who = (own, facts.clinician.person.role.as_str());
    if is_trusted(tx, facts.session.practice, who).await? {
        return Ok(Asked::Booked(accept(tx, desk, &request).await?));
    }
    let practice = people::list_of_practice(tx, facts.session.practice).await?;
    let asker = people::of_clinician(&facts.clinician);
    let mail =
        session_requested::mail(&request, &facts.session, (&asker, &practice), (rate, pay), &desk.letterhead);
    mail::store::insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    Ok(Asked::Waits(request.id))
}

/// Lets somebody in a round, with a ticket that nobody can guess.
async fn enter(tx: &mut Tx, round: &Round, own: ClinicianId) -> Result<(), DeskError> {
    // Decided before this began to wait for it, it is a round that has closed.
    if round.decided_at.is_some() {
        return Err(Refusal::JustChanged.into());
    }
    let secret = draw_secret().map_err(|error| match error {
        NotAnnounced::Database(error) => error.into(),
        NotAnnounced::Chance(_) => DeskError::from(Refusal::JustChanged),
    })?;
    Ok(insert_entry(tx, (round.id, own), &secret[..LETTERS_OF_TICKET]).await?)
}

/// 48 bits: enough that no two are the same in a round, and few enough to be read out.
const LETTERS_OF_TICKET: usize = 12;

/// Whoever acts takes a request of theirs back. One that was settled meanwhile stays as it is: how it stands.
pub async fn withdraw_request(tx: &mut Tx, id: RequestId) -> Result<RequestState, DeskError> {
    let own = lock_own(tx).await?;
    let request = store::lock_request(tx, id).await?.filter(|request| request.clinician == own);
    let request = request.ok_or(DeskError::NotFound)?;
    if !request.state.is_open() {
        return Ok(request.state);
    }
    store::mark_settled(tx, id, &RequestState::Withdrawn).await?;
    events::record(tx, &[Happened::RequestWithdrawn(request.as_subject())]).await?;
    audit::record(tx, Action::RequestWithdrawn, id, json!({})).await?;
    Ok(RequestState::Withdrawn)
}

/// What came of a practice's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// The clinician is booked.
    Booked(BookingId),
    /// The clinician is told no.
    Declined,
    /// It was settled otherwise before, or its round is not decided: how it stands.
    Stands(RequestState),
}

/// A practice's answer to a request for a session of its own. The same answer again changes nothing, and another changes
/// nothing either once it is settled.
pub async fn answer_request(
    tx: &mut Tx,
    desk: &Desk,
    id: RequestId,
    answer: Answer,
) -> Result<Answered, DeskError> {
    let membership = tx.membership().ok_or(DeskError::NotFound)?;
    let known = store::find_managed_by(tx, membership, id).await?.ok_or(DeskError::NotFound)?;
    lock_sessions(tx, &[known.session]).await?;
    lock_clinicians(tx, &[known.clinician]).await?;
    let request = store::lock_request(tx, id).await?.ok_or(DeskError::NotFound)?;
    Ok(match (&request.state, answer) {
        (state, _) if request.gathers() => Answered::Stands(state.clone()),
        (RequestState::Waiting | RequestState::Proposed, Answer::Accept) => {
            Answered::Booked(accept(tx, desk, &request).await?)
        }
        (RequestState::Waiting | RequestState::Proposed, Answer::Decline(reason)) => {
            decline(tx, &desk.letterhead, &request, reason).await?;
            Answered::Declined
        }
        (RequestState::Accepted(booking), Answer::Accept) => Answered::Booked(*booking),
        (RequestState::Declined(_), Answer::Decline(_)) => Answered::Declined,
        (state, _) => Answered::Stands(state.clone()),
    })
}

async fn accept(tx: &mut Tx, desk: &Desk, request: &Request) -> Result<BookingId, DeskError> {
    let wish = Wish::requested(request.session, request.clinician, request.id);
    let booking = book(tx, desk, &wish).await?.booking;
    store::mark_settled(tx, request.id, &RequestState::Accepted(booking)).await?;
    audit::record(tx, Action::RequestAccepted, request.id, json!({ "booking": booking })).await?;
    Ok(booking)
}

async fn decline(
    tx: &mut Tx,
    letterhead: &Letterhead,
    request: &Request,
    reason: DeclineReason,
) -> Result<(), DeskError> {
    let state = RequestState::Declined(reason.text().to_owned());
    store::mark_settled(tx, request.id, &state).await?;
    events::record(tx, &[Happened::RequestDeclined(request.as_subject())]).await?;
    audit::record(tx, Action::RequestDeclined, request.id, json!({ "reason": reason.code() })).await?;
    let session = list_sessions(tx, &[request.session]).await?.pop().ok_or(DeskError::NotFound)?;
    let asker = list_holders(tx, &[request.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
    let mail = request_declined::mail(request, &session, &people::of_holder(&asker), reason, letterhead);
    mail::store::insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    Ok(())
}

/// The most requests that end in one transaction.
const MOST_AT_ONCE: i64 = 500;

/// Ends requests whose session wants nobody any more, up to 500 of them, and tells their clinicians; gives how many.
pub async fn end_overtaken(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, DeskError> {
    let ended = store::mark_overtaken(tx, MOST_AT_ONCE).await?;
    for (bank, request) in &ended {
        tx.go_to_bank(*bank).await?;
        events::record(tx, &[Happened::RequestEnded(request.as_subject())]).await?;
        audit::record(tx, Action::RequestEnded, request.id, json!({})).await?;
        let session = list_sessions(tx, &[request.session]).await?.pop().ok_or(DeskError::NotFound)?;
        let asker = list_holders(tx, &[request.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
        let mail = request_ended::mail(request, &session, &people::of_holder(&asker), letterhead);
        mail::store::insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    }
    Ok(ended.len())
}

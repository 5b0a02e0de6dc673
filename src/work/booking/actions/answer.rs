//! What its clinician's answer makes of an offer, and what becomes of it without one: taken back, lapsed.

use serde_json::json;

use super::book::{book, refuse_unless_open};
use super::remind::tell_holders;
use super::withdraw::{drop_overtaken, withdraw};
use crate::eligibility::not_again::Cause;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::{BookingId, OfferId, SessionId};
use crate::ground::mail::Letterhead;
use crate::people::clinician::actions::find_own;
use crate::work::booking::Wish;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::offer_lapsed;
use crate::work::booking::offer::{Answer, Offer, OfferState};
use crate::work::booking::store::not_again::upsert_not_again;
use crate::work::booking::store::{lock, offers};

/// Accepts or declines an offer to whoever acts: the booking that came of it, if any.
pub async fn answer_own_offer(
    tx: &mut Tx,
    desk: &Desk,
    offer: OfferId,
    answer: &Answer,
) -> Result<Option<BookingId>, DeskError> {
    let own = find_own(tx).await?;
    let offer = offers::find_offer(tx, offer).await?;
    let offer = offer.filter(|offer| offer.clinician == own).ok_or(DeskError::NotFound)?;
    answer_offer(tx, desk, &offer, answer).await
}

/// Accepts or declines an offer for its clinician, on whose behalf the transaction is: the booking that came of it, if
/// any.
pub async fn answer_offer(
    tx: &mut Tx,
    desk: &Desk,
    offer: &Offer,
    answer: &Answer,
) -> Result<Option<BookingId>, DeskError> {
    match answer {
        Answer::Accept => Ok(Some(book(tx, desk, &Wish::accepting(offer)).await?.booking)),
        Answer::Decline { reason } => {
            decline(tx, offer, reason.as_deref()).await?;
            Ok(None)
        }
    }
}

/// Declines an offer for its clinician, with a reason if they give one. Declining twice is no more than once.
pub async fn decline(tx: &mut Tx, offer: &Offer, reason: Option<&str>) -> Result<(), DeskError> {
    let now = tx.now();
    lock::lock_sessions(tx, &[offer.session]).await?;
    lock::lock_clinicians(tx, &[offer.clinician]).await?;
    let offer = lock::lock_offer(tx, offer.id).await?.ok_or(DeskError::NotFound)?;
    if matches!(offer.state, OfferState::Declined { .. }) {
        return Ok(());
    }
    refuse_unless_open(&offer, now)?;
    offers::mark_answered(tx, offer.id, false, reason).await?;
    upsert_not_again(tx, &[(offer.session, offer.clinician)], Cause::Declined).await?;
    drop_overtaken(tx, &[offer.id]).await?;
    events::record(tx, &[Happened::OfferDeclined(offer.as_subject())]).await?;
    Ok(audit::record(tx, Action::OfferDeclined, offer.id, json!({})).await?)
}

/// Takes back one open offer of a session, for a reason its clinician is told in a sentence, and plans do not propose them
/// for it again. What happened to it meanwhile is refused in words.
pub async fn take_back(
    tx: &mut Tx,
    (session, id): (SessionId, OfferId),
    reason: &str,
) -> Result<(), DeskError> {
    let now = tx.now();
    let found = offers::find_offer(tx, id).await?;
    let offer = found.filter(|offer| offer.session == session).ok_or(DeskError::NotFound)?;
    lock::lock_sessions(tx, &[session]).await?;
    lock::lock_clinicians(tx, &[offer.clinician]).await?;
    let offer = lock::lock_offer(tx, id).await?.ok_or(DeskError::NotFound)?;
    refuse_unless_open(&offer, now)?;
    withdraw(tx, &[id], reason).await?;
    Ok(upsert_not_again(tx, &[(session, offer.clinician)], Cause::OfferTakenBack).await?)
}

/// The most offers that lapse in one transaction.
const MOST_AT_ONCE: i64 = 500;

/// Lets offers lapse whose time to answer has run out, up to 500 of them, and tells their clinicians; gives how many.
pub async fn lapse(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, DeskError> {
    let lapsed = offers::mark_lapsed(tx, MOST_AT_ONCE).await?;
    for offer in &lapsed {
        tx.go_to_bank(offer.bank).await?;
        events::record(tx, &[Happened::OfferLapsed(offer.as_subject())]).await?;
        audit::record(tx, Action::OfferLapsed, offer.id, json!({})).await?;
    }
    tell_holders(tx, &lapsed, |one, others, to| offer_lapsed::mail(one, others, to, letterhead)).await?;
    Ok(lapsed.len())
}

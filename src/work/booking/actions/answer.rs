//! What becomes of an offer besides being accepted: declined, withdrawn, lapsed.

use serde_json::json;

use super::book::{book, refuse_unless_open};
use super::remind::tell_holders;
use crate::eligibility::not_again::Cause;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::id::{BookingId, ClinicianId, OfferId, SessionId};
use crate::ground::mail::store::overtaken::mark_overtaken_of_offers;
use crate::ground::mail::{self, Letterhead};
use crate::people::clinician::actions::find_own;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::{OFFER_LAPSING, SESSION_OFFERED, offer_lapsed, offer_withdrawn};
use crate::work::booking::offer::{Answer, Offer, OfferState};
use crate::work::booking::store::not_again::upsert_not_again;
use crate::work::booking::store::{facts, lock, offers};
use crate::work::booking::{Wish, people};

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

/// Takes back these open offers of the bank, which the caller has locked, and tells their clinicians why. `reason` is a
/// sentence for them. Gives how many were open.
pub async fn withdraw(tx: &mut Tx, ids: &[OfferId], reason: &str) -> Result<usize, DeskError> {
    let withdrawn = mark_and_tell(tx, ids, reason).await?;
    events::record(tx, &as_withdrawn(&withdrawn)).await?;
    for offer in &withdrawn {
        audit::record(tx, Action::OfferWithdrawn, offer.id, json!({})).await?;
    }
    Ok(withdrawn.len())
}

/// The same, of offers that have lost their purpose by what somebody did who did not mean to take them back.
pub async fn withdraw_overtaken(tx: &mut Tx, ids: &[OfferId], reason: &str) -> Result<(), DeskError> {
    let withdrawn = mark_and_tell(tx, ids, reason).await?;
    events::record_consequence(tx, &as_withdrawn(&withdrawn)).await?;
    for offer in withdrawn {
        audit::record_consequence(tx, Action::OfferWithdrawn, offer.id, json!({})).await?;
    }
    Ok(())
}

fn as_withdrawn(offers: &[Offer]) -> Vec<Happened> {
    offers.iter().map(|offer| Happened::OfferWithdrawn(offer.as_subject())).collect()
}

async fn mark_and_tell(tx: &mut Tx, ids: &[OfferId], reason: &str) -> Result<Vec<Offer>, DeskError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let withdrawn = offers::mark_withdrawn(tx, ids, reason).await?;
    let sessions: Vec<SessionId> = withdrawn.iter().map(|offer| offer.session).collect();
    let clinicians: Vec<ClinicianId> = withdrawn.iter().map(|offer| offer.clinician).collect();
    let sessions = facts::list_sessions(tx, &sessions).await?;
    let holders = offers::list_holders(tx, &clinicians).await?;
    let mut mails = Vec::with_capacity(withdrawn.len());
    for offer in &withdrawn {
        let session = sessions.iter().find(|session| session.id == offer.session);
        let holder = holders.iter().find(|holder| holder.clinician_id == offer.clinician);
        let (session, holder) = session.zip(holder).ok_or(DeskError::NotFound)?;
        let mail = offer_withdrawn::mail(offer, session, &people::of_holder(holder), reason);
        mails.push(mail.map_err(DeskError::Unwritten)?);
    }
    let gone: Vec<OfferId> = withdrawn.iter().map(|offer| offer.id).collect();
    drop_overtaken(tx, &gone).await?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(withdrawn)
}

/// Takes back every open offer of a session that the caller has locked. `reason` is a sentence for their clinicians.
pub async fn withdraw_offers_of_session(
    tx: &mut Tx,
    session: SessionId,
    reason: &str,
) -> Result<usize, DeskError> {
    let ids = offers::lock_open_offers_of_session(tx, session).await?;
    withdraw(tx, &ids, reason).await
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

/// Drops what has not left yet of what these offers' clinicians were to read: the offer itself and its reminder. An
/// offer that was answered or taken back is no news.
pub async fn drop_overtaken(tx: &mut Tx, offers: &[OfferId]) -> Result<(), DbError> {
    mark_overtaken_of_offers(tx, offers, &[&SESSION_OFFERED, &OFFER_LAPSING]).await
}

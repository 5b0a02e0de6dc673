//! Offers that are withdrawn, and what had not left yet of what their clinicians were to read.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::id::{ClinicianId, OfferId, SessionId};
use crate::ground::mail::store::overtaken::mark_overtaken_of_offers;
use crate::ground::mail::{self, NewMail};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::TakenBack;
use crate::work::booking::messages::{OFFER_LAPSING, SESSION_OFFERED, offer_withdrawn};
use crate::work::booking::offer::Offer;
use crate::work::booking::people;
use crate::work::booking::store::{facts, offers};

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

/// Takes back these open offers of the bank, which the caller has locked, and leaves the telling to the caller.
pub(crate) async fn withdraw_untold(
    tx: &mut Tx,
    ids: &[OfferId],
    reason: &str,
) -> Result<Vec<(TakenBack, NewMail)>, DeskError> {
    let withdrawn = mark(tx, ids, reason).await?;
    let offers: Vec<Offer> = withdrawn.iter().map(|(one, _)| one.offer.clone()).collect();
    events::record(tx, &as_withdrawn(&offers)).await?;
    for offer in &offers {
        audit::record(tx, Action::OfferWithdrawn, offer.id, json!({})).await?;
    }
    Ok(withdrawn)
}

fn as_withdrawn(offers: &[Offer]) -> Vec<Happened> {
    offers.iter().map(|offer| Happened::OfferWithdrawn(offer.as_subject())).collect()
}

async fn mark_and_tell(tx: &mut Tx, ids: &[OfferId], reason: &str) -> Result<Vec<Offer>, DeskError> {
    let withdrawn = mark(tx, ids, reason).await?;
    let (withdrawn, mails): (Vec<TakenBack>, Vec<NewMail>) = withdrawn.into_iter().unzip();
    mail::store::insert_mails(tx, &mails).await?;
    Ok(withdrawn.into_iter().map(|one| one.offer).collect())
}

async fn mark(tx: &mut Tx, ids: &[OfferId], reason: &str) -> Result<Vec<(TakenBack, NewMail)>, DeskError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let withdrawn = offers::mark_withdrawn(tx, ids, reason).await?;
    let sessions: Vec<SessionId> = withdrawn.iter().map(|offer| offer.session).collect();
    let clinicians: Vec<ClinicianId> = withdrawn.iter().map(|offer| offer.clinician).collect();
    let sessions = facts::list_sessions(tx, &sessions).await?;
    let holders = offers::list_holders(tx, &clinicians).await?;
    let gone: Vec<OfferId> = withdrawn.iter().map(|offer| offer.id).collect();
    drop_overtaken(tx, &gone).await?;
    let mut told = Vec::with_capacity(withdrawn.len());
    for offer in withdrawn {
        let session = sessions.iter().find(|session| session.id == offer.session);
        let holder = holders.iter().find(|holder| holder.clinician_id == offer.clinician);
        let (session, holder) = session.zip(holder).ok_or(DeskError::NotFound)?;
        let (session, clinician) = (session.clone(), people::of_holder(holder));
        let mail = offer_withdrawn::mail(&offer, &session, &clinician, reason);
        told.push((TakenBack { offer, session, clinician }, mail.map_err(DeskError::Unwritten)?));
    }
    Ok(told)
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

/// Drops what has not left yet of what these offers' clinicians were to read: the offer itself and its reminder. An
/// offer that was answered or taken back is no news.
pub async fn drop_overtaken(tx: &mut Tx, offers: &[OfferId]) -> Result<(), DbError> {
    mark_overtaken_of_offers(tx, offers, &[&SESSION_OFFERED, &OFFER_LAPSING]).await
}

//! What becomes of an offer besides being accepted: declined, withdrawn, lapsed.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::book::refuse_unless_open;
use super::remind::mails_of_offers;
use crate::ground::audit::{self, AuditEvent};
use crate::ground::db::DbError;
use crate::ground::id::{AccountId, BankId, ClinicianId, OfferId, SessionId};
use crate::ground::mail::store::overtaken::mark_overtaken_of_offers;
use crate::ground::mail::{self, Letterhead};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::{OFFER_LAPSING, SESSION_OFFERED, offer_lapsed, offer_withdrawn};
use crate::work::booking::offer::{Offer, OfferState};
use crate::work::booking::people;
use crate::work::booking::store::{facts, lock, offers};

/// Declines an offer for its clinician, with a reason if they give one. Declining twice is no more than once.
pub async fn decline(
    connection: &mut PgConnection,
    offer: &Offer,
    by: AccountId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), DeskError> {
    lock::lock_sessions(connection, offer.bank, &[offer.session]).await?;
    lock::lock_clinicians(connection, offer.bank, &[offer.clinician]).await?;
    let offer = lock::lock_offer(connection, offer.bank, offer.id).await?.ok_or(DeskError::NotFound)?;
    if matches!(offer.state, OfferState::Declined { .. }) {
        return Ok(());
    }
    refuse_unless_open(&offer, now)?;
    offers::mark_answered(connection, offer.bank, offer.id, false, reason, now).await?;
    drop_overtaken(connection, offer.bank, &[offer.id], now).await?;
    audit_offer(connection, offer.bank, offer.id, "offer.declined", Some(by), now).await?;
    Ok(())
}

/// Takes back these open offers of one bank, which the caller has locked, and tells their clinicians why. `reason`
/// is a sentence for them. Gives how many were open.
pub async fn withdraw(
    connection: &mut PgConnection,
    bank: BankId,
    ids: &[OfferId],
    reason: &str,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<usize, DeskError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let withdrawn = offers::mark_withdrawn(connection, bank, ids, reason, now).await?;
    let sessions: Vec<SessionId> = withdrawn.iter().map(|offer| offer.session).collect();
    let clinicians: Vec<ClinicianId> = withdrawn.iter().map(|offer| offer.clinician).collect();
    let sessions = facts::list_sessions(connection, bank, &sessions).await?;
    let holders = offers::list_holders(connection, bank, &clinicians).await?;
    let mut mails = Vec::with_capacity(withdrawn.len());
    for offer in &withdrawn {
        let session = sessions.iter().find(|session| session.id == offer.session);
        let holder = holders.iter().find(|holder| holder.clinician_id == offer.clinician);
        let (session, holder) = session.zip(holder).ok_or(DeskError::NotFound)?;
        let mail = offer_withdrawn::mail(offer, session, &people::of_holder(holder), reason);
        mails.push(mail.map_err(DeskError::Unwritten)?);
        audit_offer(connection, bank, offer.id, "offer.withdrawn", by, now).await?;
    }
    let gone: Vec<OfferId> = withdrawn.iter().map(|offer| offer.id).collect();
    drop_overtaken(connection, bank, &gone, now).await?;
    mail::store::insert_mails(connection, &mails, now).await?;
    Ok(withdrawn.len())
}

/// Takes back every open offer of a session that the caller has locked. `reason` is a sentence for their clinicians.
pub async fn withdraw_offers_of_session(
    connection: &mut PgConnection,
    bank: BankId,
    session: SessionId,
    by: AccountId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<usize, DeskError> {
    let ids = offers::lock_open_offers_of_session(connection, bank, session).await?;
    withdraw(connection, bank, &ids, reason, Some(by), now).await
}

/// Takes back one open offer of a session, for a reason its clinician is told in a sentence. What happened to it
/// meanwhile is refused in words.
pub async fn take_back(
    connection: &mut PgConnection,
    (bank, session, id): (BankId, SessionId, OfferId),
    reason: &str,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<(), DeskError> {
    let found = offers::find_offer(connection, bank, id).await?;
    let offer = found.filter(|offer| offer.session == session).ok_or(DeskError::NotFound)?;
    lock::lock_sessions(connection, bank, &[session]).await?;
    lock::lock_clinicians(connection, bank, &[offer.clinician]).await?;
    let offer = lock::lock_offer(connection, bank, id).await?.ok_or(DeskError::NotFound)?;
    refuse_unless_open(&offer, now)?;
    withdraw(connection, bank, &[id], reason, Some(by), now).await?;
    Ok(())
}

/// The most offers that lapse in one transaction.
const MOST_AT_ONCE: i64 = 500;

/// Lets offers lapse whose time to answer has run out, up to 500 of them, and tells their clinicians; gives how many.
pub async fn lapse(
    connection: &mut PgConnection,
    letterhead: &Letterhead,
    now: DateTime<Utc>,
) -> Result<usize, DeskError> {
    let lapsed = offers::mark_lapsed(connection, now, MOST_AT_ONCE).await?;
    for offer in &lapsed {
        audit_offer(connection, offer.bank, offer.id, "offer.lapsed", None, now).await?;
    }
    let mails = mails_of_offers(connection, &lapsed, |offer, session, person| {
        offer_lapsed::mail(offer, session, person, letterhead)
    });
    let mails = mails.await?;
    mail::store::insert_mails(connection, &mails, now).await?;
    Ok(lapsed.len())
}

/// Drops what has not left yet of what these offers' clinicians were to read: the offer itself and its reminder. An
/// offer that was answered or taken back is no news.
pub async fn drop_overtaken(
    connection: &mut PgConnection,
    bank: BankId,
    offers: &[OfferId],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    mark_overtaken_of_offers(connection, bank, offers, &[&SESSION_OFFERED, &OFFER_LAPSING], now).await
}

async fn audit_offer(
    connection: &mut PgConnection,
    bank: BankId,
    offer: OfferId,
    action: &'static str,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let event = AuditEvent { bank, by, action, subject_kind: "offer", subject: offer.0, detail: json!({}) };
    audit::store::insert_event(connection, &event, now).await
}

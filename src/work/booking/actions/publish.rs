//! Offers are made: many at once, in the caller's transaction, each with its mail.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::json;

use crate::eligibility::facts::SessionFacts;
use crate::ground::audit::{self, Action, Subject};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened, OfferOf};
use crate::ground::id::{BankId, ClinicianId, OfferId, SessionId};
use crate::ground::mail::NewMail;
use crate::ground::mail::links::offer_token;
use crate::ground::mail::together::Together;
use crate::ground::sign_in::TokenHash;
use crate::terms::bank::store::find_bank;
use crate::terms::rules::store::{load_cancelling, load_decided};
use crate::terms::rules::{Answers, Cancelling};
use crate::work::booking::desk::Desk;
use crate::work::booking::messages::{Person, session_offered, sessions_offered};
use crate::work::booking::offer::{Offer, OfferState, OfferToMake, expiry, free_places, told_at};
use crate::work::booking::people;
use crate::work::booking::store::offers::{self, NewOffer};
use crate::work::booking::store::{facts, lock};

/// Why offers were not made. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// There is no such session or clinician in the bank.
    #[error("making an offer for a session or clinician that is not there")]
    NotFound,
    /// The session is withdrawn.
    #[error("making an offer for a session that was withdrawn")]
    Withdrawn(SessionId),
    /// The session starts too soon to leave time for an answer.
    #[error("making an offer for a session that starts too soon")]
    TooLate(SessionId),
    /// Every place of the session is booked or offered.
    #[error("making an offer for a session without a free place")]
    NoPlace(SessionId),
    /// The session is not open to the clinician yet.
    #[error("making an offer of a session that is not open to the clinician yet")]
    NotOpen(SessionId, ClinicianId),
    /// The clinician holds an open offer of that session already.
    #[error("making a second offer of one session to one clinician")]
    AlreadyOffered(SessionId, ClinicianId),
    /// A mail could not be written.
    #[error("writing the mail of an offer")]
    Unwritten(#[source] askama::Error),
    /// The database failed.
    #[error("keeping offers")]
    Database(#[source] DbError),
}

impl From<DbError> for OfferError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Makes offers, all or none: locks their sessions, then their clinicians; gives each the lowest place of its session
/// that is neither booked nor offered; writes offers, mails and one line in the audit log. The facts of each pair are
/// the caller's to have checked under the same locks. The ids come in the order of `wanted`.
pub async fn insert_offers(
    tx: &mut Tx,
    desk: &Desk,
    wanted: &[OfferToMake],
) -> Result<Vec<OfferId>, OfferError> {
    let bank = tx.bank();
    let now = tx.now();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let session_ids = distinct(wanted.iter().map(|offer| offer.session));
    let clinician_ids = distinct(wanted.iter().map(|offer| offer.clinician));
    lock::lock_sessions(tx, &session_ids).await?;
    let locked = lock::lock_clinicians(tx, &clinician_ids).await?;
    if !clinician_ids.iter().all(|id| locked.contains(&(bank, *id))) {
        return Err(OfferError::NotFound);
    }
    let sessions: BTreeMap<SessionId, SessionFacts> = facts::list_sessions(tx, &session_ids)
        .await?
        .into_iter()
        .map(|session| (session.id, session))
        .collect();
    let taken = offers::list_taken_places(tx, &session_ids).await?;
    let mut pairs: BTreeSet<_> = offers::list_open_pairs(tx, &session_ids).await?.into_iter().collect();
    if let Some(double) = wanted.iter().find(|offer| !pairs.insert((offer.session, offer.clinician))) {
        return Err(OfferError::AlreadyOffered(double.session, double.clinician));
    }
    let pairs: Vec<_> = wanted.iter().map(|offer| (offer.session, offer.clinician)).collect();
    if let Some((session, clinician)) = facts::list_not_open(tx, &pairs).await?.first() {
        return Err(OfferError::NotOpen(*session, *clinician));
    }
    let zone = find_bank(tx, bank).await?.ok_or(OfferError::NotFound)?.time_zone;
    let answers = load_decided(tx).await?.answers.unwrap_or(desk.answers);
    let new = with_places((desk, &answers, zone), wanted, &sessions, &taken, now)?;
    offers::insert_offers(tx, &new).await?;
    let made = |offer: &NewOffer| {
        let of = OfferOf { offer: offer.id, session: offer.made.session, clinician: offer.made.clinician };
        Happened::OfferMade(of, offer.made.rate_pence_per_hour)
    };
    events::record(tx, &new.iter().map(made).collect::<Vec<_>>()).await?;
    let holders = offers::list_holders(tx, &clinician_ids).await?;
    let people: BTreeMap<ClinicianId, _> =
        holders.iter().map(|holder| (holder.clinician_id, people::of_holder(holder))).collect();
    let mut letters = Together::default();
    let cancelling = load_cancelling(tx).await?;
    for (clinician, offers) in by_clinician(bank, &new, now) {
        let person = people.get(&clinician).ok_or(OfferError::NotFound)?;
        let with_session = |offer: Offer| sessions.get(&offer.session).map(|session| (offer, session));
        let offered: Option<Vec<_>> = offers.into_iter().map(with_session).collect();
        let offered = offered.ok_or(OfferError::NotFound)?;
        write(&mut letters, (&offered, person), (&answers, &cancelling, zone), now)?;
    }
    letters.put_into_outbox(tx).await?;
    let plan = wanted.first().and_then(|offer| offer.plan);
    let subject = plan.map_or_else(|| Subject::from(bank), Subject::from);
    audit::record(tx, Action::OfferMade, subject, json!({ "offers": new.len() })).await?;
    Ok(new.iter().map(|offer| offer.id).collect())
}

/// The offers, by whom they are made to.
fn by_clinician(bank: BankId, new: &[NewOffer], now: DateTime<Utc>) -> BTreeMap<ClinicianId, Vec<Offer>> {
    let mut by_clinician: BTreeMap<ClinicianId, Vec<Offer>> = BTreeMap::new();
    for offer in new {
        by_clinician.entry(offer.made.clinician).or_default().push(as_offer(bank, offer, now));
    }
    by_clinician
}

/// Writes to one person what is offered to them.
fn write(
    letters: &mut Together,
    (offered, person): (&[(Offer, &SessionFacts)], &Person),
    (answers, cancelling, zone): (&Answers, &Cancelling, Tz),
    now: DateTime<Utc>,
) -> Result<(), OfferError> {
    let not_before = offered.iter().map(|(offer, _)| told_at(answers, zone, offer.expires_at, now)).min();
    for (offer, session) in offered {
        let mail = session_offered::mail((offer, session), person, cancelling, now);
        let mail = mail.map_err(OfferError::Unwritten)?;
        letters.add(NewMail { not_before, ..mail });
    }
    if offered.len() > 1 {
        let together: Vec<_> = offered.iter().map(|(offer, session)| (offer, *session)).collect();
        let mail = sessions_offered::mail(&together, person, cancelling, now);
        let mail = mail.map_err(OfferError::Unwritten)?;
        letters.add_for_several(NewMail { not_before, ..mail });
    }
    Ok(())
}

/// Gives each offer an id, a token, a time to answer and a place.
fn with_places(
    (desk, answers, zone): (&Desk, &Answers, Tz),
    wanted: &[OfferToMake],
    sessions: &BTreeMap<SessionId, SessionFacts>,
    taken: &[(SessionId, i16, bool)],
    now: DateTime<Utc>,
) -> Result<Vec<NewOffer>, OfferError> {
    let mut used: BTreeMap<SessionId, Vec<i16>> = BTreeMap::new();
    for (session, place, _) in taken {
        used.entry(*session).or_default().push(*place);
    }
    let mut new = Vec::with_capacity(wanted.len());
    for made in wanted {
        let session = sessions.get(&made.session).ok_or(OfferError::NotFound)?;
        if session.is_withdrawn {
            return Err(OfferError::Withdrawn(session.id));
        }
        let expires_at = expiry((answers, desk.latest_before_start), zone, session.starts_at, now);
        let expires_at = expires_at.ok_or(OfferError::TooLate(session.id))?;
        let used = used.entry(made.session).or_default();
        let place_no = free_places(session.places, used, &[]).first().copied();
        let place_no = place_no.ok_or(OfferError::NoPlace(session.id))?;
        used.push(place_no);
        let id = OfferId::new();
        let token_hash = TokenHash::of(&offer_token(&desk.link_key, id));
        new.push(NewOffer { id, made: *made, place_no, token_hash, expires_at });
    }
    Ok(new)
}

fn as_offer(bank: BankId, new: &NewOffer, now: DateTime<Utc>) -> Offer {
    Offer {
        bank,
        id: new.id,
        session: new.made.session,
        place_no: new.place_no,
        clinician: new.made.clinician,
        rate_pence_per_hour: new.made.rate_pence_per_hour,
        pay_pence: new.made.pay_pence,
        road_metres: new.made.road_metres,
        offered_at: now,
        expires_at: new.expires_at,
        state: OfferState::Open,
    }
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

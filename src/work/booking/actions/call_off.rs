//! Sessions are called off together: their offers are taken back, their bookings are cancelled, and everybody is told of
//! all that concerns them in one mail.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cancel::{Cancellation, Ended, end_locked};
use super::withdraw::withdraw_untold;
use crate::ground::db::Tx;
use crate::ground::id::{ClinicianId, OfferId, SessionId};
use crate::ground::mail::Letterhead;
use crate::ground::mail::together::Together;
use crate::work::booking::Side;
use crate::work::booking::desk::{Desk, settle_diary};
use crate::work::booking::error::DeskError;
use crate::work::booking::fee::Fees;
use crate::work::booking::messages::told::{Over, TakenBack, Told};
use crate::work::booking::messages::{sessions_withdrawn_clinician, sessions_withdrawn_practice};
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::{bookings, facts, lock, offers};

/// What clinicians read whose offers are taken back.
const NO_LONGER_NEEDED: &str = "The practice no longer needs this session.";

/// What whoever calls off has seen of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it costs the practice in all, in pence.
    pub fee_pence: i32,
    /// How many people were booked; none where they were not counted.
    pub booked: Option<usize>,
}

/// What was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalledOff {
    /// Bookings that were cancelled.
    pub bookings: usize,
    /// Offers that were taken back.
    pub offers: usize,
}

/// Calls off sessions of one practice, which the caller has locked and marked as withdrawn: for no more than has been seen
/// it costs, and refused where somebody was booked since.
pub async fn call_off(
    tx: &mut Tx,
    desk: &Desk,
    sessions: &[SessionId],
    (reason, seen): (&str, Seen),
) -> Result<CalledOff, DeskError> {
    let mut live = Vec::new();
    let facts = facts::list_sessions(tx, sessions).await?;
    for session in &facts {
        live.extend(bookings::list_live_bookings_of_session(tx, session.id).await?);
    }
    let starts = |id| facts.iter().find(|session| session.id == id);
    let due = live.iter().filter_map(|booking| {
        starts(booking.session).map(|session| Fees::of(booking, session).due(Side::Practice, tx.now()))
    });
    let due: i32 = due.sum();
    if due > seen.fee_pence {
        return Err(Refusal::FeeHasRisen(due).into());
    }
    if seen.booked.is_some_and(|booked| live.len() > booked) {
        return Err(Refusal::JustChanged.into());
    }
    let clinicians: Vec<ClinicianId> = live.iter().map(|booking| booking.clinician).collect();
    lock::lock_clinicians(tx, &clinicians).await?;
    let mut offered: Vec<OfferId> = Vec::new();
    for session in &facts {
        offered.extend(offers::lock_open_offers_of_session(tx, session.id).await?);
    }
    let mut mails = Together::default();
    let mut taken_back = Vec::with_capacity(offered.len());
    for (offer, mail) in withdraw_untold(tx, &offered, NO_LONGER_NEEDED).await? {
        mails.add(mail);
        taken_back.push(offer);
    }
    let mut ended = Vec::with_capacity(live.len());
    for booking in &live {
        let (side, note, reason) = (Side::Practice, String::new(), reason.to_owned());
        let wish = Cancellation { booking: booking.id, side, reason, note, seen_fee_pence: None };
        let one = end_locked(tx, &wish).await?;
        for mail in one.mails(tx, &desk.reliants.means, &wish).await? {
            mails.add(mail);
        }
        ended.push(one);
    }
    let letterhead = (&desk.letterhead, tx.now());
    tell_of_several(&mut mails, (&ended, &taken_back), reason, letterhead).map_err(DeskError::Unwritten)?;
    mails.put_into_outbox(tx).await?;
    let done = CalledOff { bookings: ended.len(), offers: taken_back.len() };
    for one in ended {
        settle_diary(tx, &desk.reliants, one.diary).await?;
    }
    Ok(done)
}

/// Adds a mail for each person whom more than one of these concerns.
fn tell_of_several(
    mails: &mut Together,
    (ended, taken_back): (&[Ended], &[TakenBack]),
    reason: &str,
    letterhead: (&Letterhead, DateTime<Utc>),
) -> Result<(), askama::Error> {
    let mut by_person: BTreeMap<ClinicianId, Vec<Over<'_>>> = BTreeMap::new();
    for one in ended {
        by_person.entry(one.told().booking.clinician).or_default().push(Over::Booking(one.told()));
    }
    for one in taken_back {
        by_person.entry(one.offer.clinician).or_default().push(Over::Offer(one));
    }
    for own in by_person.values() {
        if let [one, others @ ..] = own.as_slice()
            && !others.is_empty()
        {
            mails.add_for_several(sessions_withdrawn_clinician::mail(*one, others, reason, letterhead)?);
        }
    }
    let told: Vec<Told<'_>> = ended.iter().map(Ended::told).collect();
    if let [one, others @ ..] = told.as_slice()
        && !others.is_empty()
        && !one.practice.is_empty()
    {
        mails.add_for_several(sessions_withdrawn_practice::mail(*one, others, reason, letterhead)?);
    }
    Ok(())
}

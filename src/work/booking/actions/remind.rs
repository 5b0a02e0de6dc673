//! Reminders, each written once: of an offer while there is time to answer, of a booking two days before.

use crate::ground::db::Tx;
use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::eligibility::facts::SessionFacts;
use crate::ground::id::{BankId, ClinicianId, SessionId};
use crate::ground::mail::{self, Letterhead, NewMail};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::{Told, booking_reminded};
use crate::work::booking::messages::{Person, offer_lapsing};
use crate::work::booking::offer::Offer;
use crate::work::booking::store::reminders::{
    BookingReminder, OfferReminder, list_bookings_to_remind_of, list_offers_to_remind_of,
};
use crate::work::booking::store::{facts, offers};
use crate::work::booking::{Booking, people};

/// The most reminders written in one transaction.
const MOST_AT_ONCE: i64 = 200;

/// An offer that stands for a day is remembered four hours before its end, one of eight hours two hours before; not
/// while people sleep.
const OF_OFFERS: OfferReminder = OfferReminder {
    stands_at_least: TimeDelta::hours(2),
    before_end_at_most: TimeDelta::hours(4),
    from_hour: 7,
    until_hour: 21,
};

/// Two days before the session. After a downtime a reminder still helps half a day before, and later no more.
const OF_BOOKINGS: BookingReminder = BookingReminder {
    before_start: TimeDelta::hours(48),
    before_start_at_least: TimeDelta::hours(12),
    agreed_before: TimeDelta::hours(24),
};

/// Reminds of offers that are about to lapse, up to 200 of them; gives how many.
pub async fn remind_of_offers(tx: &mut Tx) -> Result<usize, DeskError> {
    let now = tx.now();
    let due = list_offers_to_remind_of(tx, OF_OFFERS, MOST_AT_ONCE).await?;
    let mails =
        mails_of_offers(tx, &due, |offer, session, person| offer_lapsing::mail(offer, session, person, now));
    let mails = mails.await?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(due.len())
}

/// A mail for each of these offers, of whatever banks, to its clinician.
pub async fn mails_of_offers(
    tx: &mut Tx,
    due: &[Offer],
    write: impl Fn(&Offer, &SessionFacts, &Person) -> Result<NewMail, askama::Error>,
) -> Result<Vec<NewMail>, DeskError> {
    let mut by_bank: BTreeMap<BankId, Vec<&Offer>> = BTreeMap::new();
    for offer in due {
        by_bank.entry(offer.bank).or_default().push(offer);
    }
    let mut mails = Vec::with_capacity(due.len());
    for (bank, offers) in by_bank {
        tx.go_to_bank(bank).await?;
        let sessions: Vec<SessionId> = offers.iter().map(|offer| offer.session).collect();
        let clinicians: Vec<ClinicianId> = offers.iter().map(|offer| offer.clinician).collect();
        let (sessions, people) = sessions_and_people(tx, &sessions, &clinicians).await?;
        for offer in offers {
            let known = sessions.get(&offer.session).zip(people.get(&offer.clinician));
            let (session, person) = known.ok_or(DeskError::NotFound)?;
            mails.push(write(offer, session, person).map_err(DeskError::Unwritten)?);
        }
    }
    Ok(mails)
}

/// Reminds both sides of bookings that begin in two days, up to 200 of them; gives how many.
pub async fn remind_of_bookings(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, DeskError> {
    let due = list_bookings_to_remind_of(tx, OF_BOOKINGS, MOST_AT_ONCE).await?;
    let mut by_bank: BTreeMap<BankId, Vec<&Booking>> = BTreeMap::new();
    for booking in &due {
        by_bank.entry(booking.bank).or_default().push(booking);
    }
    let mut mails = Vec::with_capacity(2 * due.len());
    for (bank, bookings) in by_bank {
        tx.go_to_bank(bank).await?;
        let sessions: Vec<SessionId> = bookings.iter().map(|booking| booking.session).collect();
        let clinicians: Vec<ClinicianId> = bookings.iter().map(|booking| booking.clinician).collect();
        let (sessions, clinicians) = sessions_and_people(tx, &sessions, &clinicians).await?;
        let practices: Vec<_> = sessions.values().map(|session| session.practice).collect();
        let practices = people::list_of_practices(tx, &practices).await?;
        for booking in bookings {
            let known = sessions.get(&booking.session).zip(clinicians.get(&booking.clinician));
            let (session, clinician) = known.ok_or(DeskError::NotFound)?;
            let practice = practices.get(&session.practice).map_or(&[][..], Vec::as_slice);
            let told = Told { booking, session, clinician, practice };
            mails.extend(booking_reminded(&told, letterhead).map_err(DeskError::Unwritten)?);
        }
    }
    // A bank without anybody at the practice's side has nobody to remind there.
    mails.retain(|mail| !mail.to.is_empty());
    mail::store::insert_mails(tx, &mails).await?;
    Ok(due.len())
}

async fn sessions_and_people(
    tx: &mut Tx,
    sessions: &[SessionId],
    clinicians: &[ClinicianId],
) -> Result<(BTreeMap<SessionId, SessionFacts>, BTreeMap<ClinicianId, Person>), DeskError> {
    let sessions = facts::list_sessions(tx, sessions).await?;
    let holders = offers::list_holders(tx, clinicians).await?;
    Ok((
        sessions.into_iter().map(|session| (session.id, session)).collect(),
        holders.iter().map(|holder| (holder.clinician_id, people::of_holder(holder))).collect(),
    ))
}

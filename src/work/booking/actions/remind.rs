//! Reminders, each written once: of an offer while there is time to answer, of a booking two days before. One act reminds
//! one person in one mail.

use crate::ground::db::Tx;
use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::eligibility::facts::SessionFacts;
use crate::ground::id::{BankId, ClinicianId, SessionId};
use crate::ground::mail::together::Together;
use crate::ground::mail::{Letterhead, NewMail};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::Told;
use crate::work::booking::messages::{
    Offered, Person, booking_reminder_clinician, booking_reminder_practice, offer_lapsing,
};
use crate::work::booking::offer::Offer;
use crate::work::booking::store::reminders::{
    BookingReminder, OfferReminder, list_bookings_to_remind_of, list_offers_to_remind_of,
};
use crate::work::booking::store::{facts, offers};
use crate::work::booking::{Booking, people};

/// The most reminders written in one transaction.
const MOST_AT_ONCE: i64 = 200;

/// Nobody is reminded between 9pm and 7am by the bank's clock.
const AWAKE: (i32, i32) = (7, 21);

/// An offer that stands for a day is remembered four hours before its end, one of eight hours two hours before; not
/// while people sleep.
const OF_OFFERS: OfferReminder = OfferReminder {
    stands_at_least: TimeDelta::hours(2),
    before_end_at_most: TimeDelta::hours(4),
    between_hours: AWAKE,
};

/// Two days before the session, or where that is at night the next morning. After a downtime a reminder still helps half a
/// day before, and later no more.
const OF_BOOKINGS: BookingReminder = BookingReminder {
    before_start: TimeDelta::hours(48),
    before_start_at_least: TimeDelta::hours(12),
    agreed_before: TimeDelta::hours(24),
    between_hours: AWAKE,
};

/// Reminds of offers that are about to lapse, up to 200 of them; gives how many.
pub async fn remind_of_offers(tx: &mut Tx) -> Result<usize, DeskError> {
    let now = tx.now();
    let due = list_offers_to_remind_of(tx, OF_OFFERS, MOST_AT_ONCE).await?;
    tell_holders(tx, &due, |one, others, to| offer_lapsing::mail(one, others, to, now)).await?;
    Ok(due.len())
}

/// Tells whoever holds each of these offers, of whatever banks, in one mail each person: `write` is given one offer and
/// the others of the same person.
pub async fn tell_holders(
    tx: &mut Tx,
    offers: &[Offer],
    write: impl Fn(Offered<'_>, &[Offered<'_>], &Person) -> Result<NewMail, askama::Error>,
) -> Result<(), DeskError> {
    let mut by_bank: BTreeMap<BankId, BTreeMap<ClinicianId, Vec<&Offer>>> = BTreeMap::new();
    for offer in offers {
        by_bank.entry(offer.bank).or_default().entry(offer.clinician).or_default().push(offer);
    }
    for (bank, by_person) in by_bank {
        tx.go_to_bank(bank).await?;
        let sessions: Vec<SessionId> = by_person.values().flatten().map(|offer| offer.session).collect();
        let clinicians: Vec<ClinicianId> = by_person.keys().copied().collect();
        let (sessions, people) = sessions_and_people(tx, &sessions, &clinicians).await?;
        let mut mails = Together::default();
        for (clinician, offers) in by_person {
            let person = people.get(&clinician).ok_or(DeskError::NotFound)?;
            let mut offered: Vec<Offered<'_>> = Vec::with_capacity(offers.len());
            for offer in offers {
                offered.push((offer, sessions.get(&offer.session).ok_or(DeskError::NotFound)?));
            }
            for one in &offered {
                mails.add(write(*one, &[], person).map_err(DeskError::Unwritten)?);
            }
            if let [one, others @ ..] = offered.as_slice()
                && !others.is_empty()
            {
                mails.add_for_several(write(*one, others, person).map_err(DeskError::Unwritten)?);
            }
        }
        mails.put_into_outbox(tx).await?;
    }
    Ok(())
}

/// Reminds both sides of bookings that begin in two days, up to 200 of them; gives how many.
pub async fn remind_of_bookings(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, DeskError> {
    let due = list_bookings_to_remind_of(tx, OF_BOOKINGS, MOST_AT_ONCE).await?;
    let mut by_bank: BTreeMap<BankId, Vec<&Booking>> = BTreeMap::new();
    for booking in &due {
        by_bank.entry(booking.bank).or_default().push(booking);
    }
    for (bank, bookings) in by_bank {
        tx.go_to_bank(bank).await?;
        let sessions: Vec<SessionId> = bookings.iter().map(|booking| booking.session).collect();
        let clinicians: Vec<ClinicianId> = bookings.iter().map(|booking| booking.clinician).collect();
        let (sessions, clinicians) = sessions_and_people(tx, &sessions, &clinicians).await?;
        let practices: Vec<_> = sessions.values().map(|session| session.practice).collect();
        let practices = people::list_of_practices(tx, &practices).await?;
        let mut all = Vec::with_capacity(bookings.len());
        for booking in bookings {
            let known = sessions.get(&booking.session).zip(clinicians.get(&booking.clinician));
            let (session, clinician) = known.ok_or(DeskError::NotFound)?;
            let practice = practices.get(&session.practice).map_or(&[][..], Vec::as_slice);
            all.push(Told { booking, session, clinician, practice });
        }
        let mut mails = Together::default();
        remind_clinicians(&mut mails, &all, letterhead).map_err(DeskError::Unwritten)?;
        remind_practices(&mut mails, &all, letterhead).map_err(DeskError::Unwritten)?;
        mails.put_into_outbox(tx).await?;
    }
    Ok(due.len())
}

fn remind_clinicians(
    mails: &mut Together,
    bookings: &[Told<'_>],
    letterhead: &Letterhead,
) -> Result<(), askama::Error> {
    let mut by_person: BTreeMap<ClinicianId, Vec<&Told<'_>>> = BTreeMap::new();
    for told in bookings {
        by_person.entry(told.booking.clinician).or_default().push(told);
        mails.add(booking_reminder_clinician::mail(told, &[], letterhead)?);
    }
    for own in by_person.values() {
        if let [one, others @ ..] = own.as_slice()
            && !others.is_empty()
        {
            mails.add_for_several(booking_reminder_clinician::mail(one, others, letterhead)?);
        }
    }
    Ok(())
}

/// People of a practice share the mail about one session, but for those who are reminded of several.
fn remind_practices(
    mails: &mut Together,
    bookings: &[Told<'_>],
    letterhead: &Letterhead,
) -> Result<(), askama::Error> {
    let mut by_person: BTreeMap<&str, (&Person, Vec<&Told<'_>>)> = BTreeMap::new();
    for told in bookings {
        for person in told.practice {
            by_person.entry(&person.to.address).or_insert((person, Vec::new())).1.push(told);
        }
    }
    let has_several =
        |person: &&Person| by_person.get(person.to.address.as_str()).is_some_and(|(_, own)| own.len() > 1);
    for told in bookings.iter().filter(|told| !told.practice.is_empty()) {
        let (several, one): (Vec<&Person>, Vec<&Person>) = told.practice.iter().partition(has_several);
        let readers = if one.is_empty() { several } else { one };
        let to = readers.into_iter().map(|person| person.to.clone()).collect();
        mails.add(booking_reminder_practice::mail(told, to, letterhead)?);
    }
    for (person, own) in by_person.values() {
        if let [one, others @ ..] = own.as_slice()
            && !others.is_empty()
        {
            mails.add_for_several(booking_reminder_practice::mail_of_several(
                one, others, person, letterhead,
            )?);
        }
    }
    Ok(())
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

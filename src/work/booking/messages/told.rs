//! A booking and everybody who is told about it.

use chrono::{DateTime, Utc};
use icalendar::Event;

use super::{
    Hope, Letter, Person, SessionWords, booking_cancelled_clinician, booking_cancelled_practice,
    booking_changed_clinician, booking_changed_practice, booking_confirmed_clinician,
    booking_confirmed_practice, pay_words,
};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::kinds::MessageKind;
use crate::ground::mail::{Calendar, CalendarMethod, Letterhead, NewMail, Recipient};
use crate::ground::words::in_sentence;
use crate::people::practice::guide::Guide;
use crate::work::booking::calendar::{self, Entry, EntryStatus};
use crate::work::booking::changed::Changed;
use crate::work::booking::fee::{Fees, fallen_due};
use crate::work::booking::offer::Offer;
use crate::work::booking::{Booking, BookingState, Side};

/// A booking and everybody who is told about it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// Its session.
    pub session: &'a SessionFacts,
    /// Who works in it.
    pub clinician: &'a Person,
    /// The people of the practice.
    pub practice: &'a [Person],
}

/// An offer that was taken back, with whom it was made to.
#[derive(Debug, Clone)]
pub struct TakenBack {
    /// The offer.
    pub offer: Offer,
    /// Its session.
    pub session: SessionFacts,
    /// Who held it.
    pub clinician: Person,
}

/// What is over for somebody whose session is withdrawn.
#[derive(Debug, Clone, Copy)]
pub enum Over<'a> {
    /// A booking of theirs.
    Booking(Told<'a>),
    /// An offer that they held.
    Offer(&'a TakenBack),
}

impl<'a> Over<'a> {
    /// The session.
    #[must_use]
    pub fn session(&self) -> &'a SessionFacts {
        match self {
            Self::Booking(told) => told.session,
            Self::Offer(offer) => &offer.session,
        }
    }

    /// Whose it was.
    #[must_use]
    pub fn clinician(&self) -> &'a Person {
        match self {
            Self::Booking(told) => told.clinician,
            Self::Offer(offer) => &offer.clinician,
        }
    }
}

impl Told<'_> {
    /// Names one change of the booking, so that it is told once.
    pub(super) fn change_key(&self) -> String {
        format!("{} {}", self.booking.id, self.booking.calendar_sequence)
    }

    fn letter(&self, letterhead: &Letterhead) -> Letter {
        let pay = pay_words(self.booking.rate_pence_per_hour, self.booking.pay_pence);
        let letter = Letter::about(&SessionWords::of(self.session), self.clinician).with_fact("Pay", pay);
        Letter { link: format!("{}/bookings/{}", letterhead.base_url, self.booking.id), ..letter }
    }

    /// The letter to the clinician.
    pub(super) fn letter_to_clinician(&self, letterhead: &Letterhead) -> Letter {
        Letter { name: self.clinician.name.clone(), ..self.letter(letterhead) }
    }

    /// The letter to the practice, which names the clinician first.
    pub(super) fn letter_to_practice(&self, letterhead: &Letterhead) -> Letter {
        let mut letter = self.letter(letterhead);
        let who = format!("{}, {}", self.clinician.name, in_sentence(&self.clinician.role));
        letter.facts.insert(0, ("Clinician", who));
        letter
    }

    /// What the practice owes when it cancels, for a confirmation; empty where it never owes anything.
    pub(super) fn cancelling_costs(&self) -> String {
        Fees::of(self.booking, self.session).in_words()
    }

    /// What fell due with the cancellation; empty where nothing could.
    pub(super) fn fallen_due(&self) -> String {
        match self.booking.state {
            BookingState::Cancelled { side, fee_pence, .. } => {
                fallen_due(&Fees::of(self.booking, self.session), side, fee_pence)
            }
            BookingState::Live => String::new(),
        }
    }

    /// The mail to the clinician.
    pub(super) fn mail_to_clinician(
        &self,
        kind: &'static MessageKind,
        subject: String,
        bodies: (String, String),
    ) -> NewMail {
        self.mail(kind, vec![self.clinician.to.clone()], subject, bodies)
    }

    /// The mail to the people of the practice.
    pub(super) fn mail_to_practice(
        &self,
        kind: &'static MessageKind,
        subject: String,
        bodies: (String, String),
    ) -> NewMail {
        let to = self.practice.iter().map(|person| person.to.clone()).collect();
        self.mail(kind, to, subject, bodies)
    }

    /// A mail to these people.
    pub(super) fn mail(
        &self,
        kind: &'static MessageKind,
        to: Vec<Recipient>,
        subject: String,
        bodies: (String, String),
    ) -> NewMail {
        NewMail {
            booking: Some(self.booking.id),
            not_after: Some(self.session.ends_at),
            ..NewMail::new(self.session.bank, kind, self.booking.id.to_string(), to, subject, bodies)
        }
    }

    /// The entry for the clinician's calendar, with what the letter says.
    pub(super) fn clinicians_calendar(
        &self,
        method: CalendarMethod,
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Calendar {
        let summary = format!("{} session at {}", self.clinician.role, self.session.practice_name);
        let own = std::slice::from_ref(self.clinician);
        self.calendar(method, (summary, own), letter, letterhead, now)
    }

    /// The entry for the practice's calendar, with what the letter says.
    pub(super) fn practices_calendar(
        &self,
        method: CalendarMethod,
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Calendar {
        let summary = format!("{} session: {}", self.clinician.role, self.clinician.name);
        self.calendar(method, (summary, self.practice), letter, letterhead, now)
    }

    fn calendar(
        &self,
        method: CalendarMethod,
        (summary, people): (String, &[Person]),
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Calendar {
        let entry = self.entry(method, (summary, people), letter, letterhead, now);
        Calendar { method, body: calendar::render(&entry) }
    }

    /// The entry that takes it out of the clinician's calendar, to be published with others.
    pub(super) fn clinicians_cancelled(
        &self,
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Event {
        let summary = format!("{} session at {}", self.clinician.role, self.session.practice_name);
        calendar::event(&self.entry(CalendarMethod::Cancel, (summary, &[]), letter, letterhead, now))
    }

    /// The entry that takes it out of the practice's calendar, to be published with others.
    pub(super) fn practices_cancelled(
        &self,
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Event {
        let summary = format!("{} session: {}", self.clinician.role, self.clinician.name);
        calendar::event(&self.entry(CalendarMethod::Cancel, (summary, &[]), letter, letterhead, now))
    }

    fn entry<'a>(
        &'a self,
        method: CalendarMethod,
        (summary, people): (String, &'a [Person]),
        letter: &Letter,
        letterhead: &Letterhead,
        now: DateTime<Utc>,
    ) -> Entry<'a> {
        let lines: Vec<String> =
            letter.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        Entry {
            uid: calendar::uid(self.booking.id),
            status: if method == CalendarMethod::Cancel { EntryStatus::Cancelled } else { EntryStatus::Firm },
            sequence: self.booking.calendar_sequence,
            method,
            session: self.session,
            summary,
            description: format!("{}\n{}", lines.join("\n"), letter.link),
            organiser: self.booking.organiser(letterhead),
            attendees: people.iter().map(|it| (it.name.as_str(), it.to.address.as_str())).collect(),
            written_at: now,
        }
    }
}

/// The two mails that confirm a booking, to the clinician with the practice's guide, and to the practice.
pub fn booking_confirmed(
    told: &Told<'_>,
    guide: &Guide,
    letterhead: &Letterhead,
    now: DateTime<Utc>,
) -> Result<[NewMail; 2], askama::Error> {
    Ok([
        booking_confirmed_clinician::mail(told, guide, letterhead, now)?,
        booking_confirmed_practice::mail(told, letterhead, now)?,
    ])
}

/// The mails about a booking whose session has changed: to the clinician, and to the practice where the time or
/// the place did.
pub fn booking_changed(
    told: &Told<'_>,
    letterhead: &Letterhead,
    changed: &Changed,
    now: DateTime<Utc>,
) -> Result<Vec<NewMail>, askama::Error> {
    let mut mails = vec![booking_changed_clinician::mail(told, letterhead, changed, now)?];
    if changed.is_of_diary() {
        mails.push(booking_changed_practice::mail(told, letterhead, changed, now)?);
    }
    Ok(mails)
}

/// The two mails that cancel a booking, to the clinician and to the practice. `hope` is none where the session wants nobody
/// any more.
pub fn booking_cancelled(
    told: &Told<'_>,
    letterhead: &Letterhead,
    (side, reason): (Side, &str),
    hope: Option<Hope>,
    now: DateTime<Utc>,
) -> Result<[NewMail; 2], askama::Error> {
    Ok([
        booking_cancelled_clinician::mail(told, letterhead, (side, reason), now)?,
        booking_cancelled_practice::mail(told, letterhead, (side, reason), hope, now)?,
    ])
}

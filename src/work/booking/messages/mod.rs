//! What the booking desk writes to people: one folder a message, with its text and its HTML.

pub mod booking_cancelled_bank;
pub mod booking_cancelled_clinician;
pub mod booking_cancelled_practice;
pub mod booking_changed_clinician;
pub mod booking_changed_practice;
pub mod booking_confirmed_clinician;
pub mod booking_confirmed_practice;
pub mod booking_reminder_clinician;
pub mod booking_reminder_practice;
pub mod bookings_flagged;
pub mod calendar_changed_clinician;
pub mod calendar_changed_practice;
pub mod example;
pub mod offer_lapsed;
pub mod offer_lapsing;
pub mod offer_withdrawn;
pub mod session_offered;
pub mod sessions_offered;
pub mod sessions_withdrawn_clinician;
pub mod sessions_withdrawn_practice;
pub mod told;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::offer::Offer;
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::kinds::{MessageKind, messages};
use crate::ground::mail::{NewMail, Recipient, fresh};
use crate::ground::words::{
    distance, duration, full_date, in_sentence, list, london_date, pounds, rate_an_hour, short_date, time_at,
    time_span,
};

messages! {
    SESSION_OFFERED session_offered "A session is offered" Clinician AtOnce always 2;
    SESSIONS_OFFERED sessions_offered "Several sessions are offered" Clinician AtOnce always 2;
    OFFER_LAPSING offer_lapsing "An offer is waiting for an answer" Clinician AtOnce declinable 3;
    OFFER_LAPSED offer_lapsed "An offer has lapsed" Clinician Digestible declinable 6;
    OFFER_WITHDRAWN offer_withdrawn "A session is no longer offered" Clinician AtOnce always 3;
    BOOKING_CONFIRMED_CLINICIAN booking_confirmed_clinician "You are booked" Clinician AtOnce always 1;
    BOOKING_REMINDER_CLINICIAN booking_reminder_clinician "Your session is coming up" Clinician AtOnce declinable 5;
    BOOKING_CHANGED_CLINICIAN booking_changed_clinician "Your booking has changed" Clinician AtOnce always 1;
    BOOKING_CANCELLED_CLINICIAN booking_cancelled_clinician "Your booking is cancelled" Clinician AtOnce always 1;
    BOOKING_CANCELLED_BANK booking_cancelled_bank "A session has lost somebody" BankAdministrator AtOnce declinable 2;
    BOOKING_CONFIRMED_PRACTICE booking_confirmed_practice "Your session is booked" PracticeManager AtOnce always 1;
    BOOKING_REMINDER_PRACTICE booking_reminder_practice "A session is coming up" PracticeManager Digestible declinable 6;
    BOOKING_CHANGED_PRACTICE booking_changed_practice "A booking has changed" PracticeManager AtOnce always 1;
    CALENDAR_CHANGED_CLINICIAN calendar_changed_clinician "The calendar has changed for your booking" Clinician AtOnce always 2;
    CALENDAR_CHANGED_PRACTICE calendar_changed_practice "The calendar has changed for a booked session" PracticeManager AtOnce always 2;
    BOOKINGS_FLAGGED bookings_flagged "Bookings to look at" BankAdministrator AtOnce always 2;
    SESSIONS_WITHDRAWN_CLINICIAN sessions_withdrawn_clinician "Several sessions are withdrawn" Clinician AtOnce always 1;
    SESSIONS_WITHDRAWN_PRACTICE sessions_withdrawn_practice "Several bookings are cancelled" PracticeManager AtOnce always 1;
    BOOKING_CANCELLED_PRACTICE booking_cancelled_practice "A booking is cancelled" PracticeManager AtOnce always 1;
}

/// A session in the words of mails and pages.
#[derive(Debug, Clone)]
pub struct SessionWords {
    /// The bank.
    pub bank_name: String,
    /// The practice.
    pub practice: String,
    /// Where it is.
    pub address: String,
    /// "Tuesday 3 November 2026".
    pub date: String,
    /// "8:30am to 12:40pm".
    pub times: String,
    /// "Tue 3 Nov, 8:30am, Orchid House Surgery": how subjects begin.
    pub when_and_where: String,
    /// "4 hours 10 minutes".
    pub duration: String,
    /// "SystmOne and Coil fitting", or "".
    pub needs: String,
    /// What the practice adds.
    pub notes: String,
    /// Who supervises on the day; "" for nobody.
    pub supervisor: String,
}

impl SessionWords {
    /// The words of a session.
    #[must_use]
    pub fn of(session: &SessionFacts) -> Self {
        let needs: Vec<&str> = session.competencies.iter().map(|(_, name)| name.as_str()).collect();
        let day = short_date(london_date(session.starts_at));
        Self {
            bank_name: session.bank_name.clone(),
            practice: session.practice_name.clone(),
            address: session.practice_address.clone(),
            date: full_date(london_date(session.starts_at)),
            times: time_span(session.starts_at, session.ends_at),
            when_and_where: format!("{day}, {}, {}", time_at(session.starts_at), session.practice_name),
            duration: duration(session.minutes()),
            needs: list(&needs),
            notes: session.notes.clone(),
            supervisor: session.supervisor.clone(),
        }
    }

    /// When and where, as mails list it: name and value.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            ("Date", self.date.clone()),
            ("Time", format!("{} ({})", self.times, self.duration)),
            ("Place", format!("{}, {}", self.practice, self.address)),
        ];
        if !self.supervisor.is_empty() {
            facts.push(("Supervised by", self.supervisor.clone()));
        }
        facts
    }
}

/// The money of an offer or booking in words: "£88 an hour, £366.67 in all".
#[must_use]
pub fn pay_words(rate_pence_per_hour: i32, pay_pence: i32) -> String {
    format!("{}, {} in all", rate_an_hour(i64::from(rate_pence_per_hour)), pounds(i64::from(pay_pence)))
}

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// The name of their role; "" for people of a practice.
    pub role: String,
    /// Where mail reaches them.
    pub to: Recipient,
}

/// What a message's templates are given.
#[derive(Debug, Clone)]
struct Letter {
    bank_name: String,
    /// Whom it addresses, or "" for the people of a practice.
    name: String,
    /// The clinician it is about.
    clinician: String,
    /// The role, as in the middle of a sentence.
    role: String,
    /// What is listed: name and value.
    facts: Vec<(&'static str, String)>,
    /// Until when to answer.
    answer_by: String,
    /// Where to go.
    link: String,
    /// Why something was taken back, or what has changed.
    reason: String,
    /// Which side cancelled: "the practice", or "you".
    side: &'static str,
    /// What is said of filling the session again; empty where it wants nobody.
    hope: &'static str,
}

/// What can be hoped for a session that has lost somebody, as it stands after the booking was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hope {
    /// It can be offered by email, and answered in time.
    Offers,
    /// It starts too soon for that.
    ByHandAlone,
}

impl Hope {
    /// What the practice reads.
    fn for_the_practice(self) -> &'static str {
        match self {
            Self::Offers => {
                "The session is open again, and the bank has been told. You don’t need to post it again."
            }
            Self::ByHandAlone => {
                "The session is open again, but starts too soon to be offered by email. The bank has been told, and can book somebody who agrees by phone."
            }
        }
    }

    /// What the bank's administrators read.
    fn for_the_bank(self) -> &'static str {
        match self {
            Self::Offers => "A plan of its date can offer it, or you can book somebody who agrees by phone.",
            Self::ByHandAlone => {
                "It starts too soon to be offered by email: book somebody who agrees by phone."
            }
        }
    }
}

impl Letter {
    fn about(words: &SessionWords, clinician: &Person) -> Self {
        Self {
            bank_name: words.bank_name.clone(),
            name: String::new(),
            clinician: clinician.name.clone(),
            role: in_sentence(&clinician.role),
            facts: words.facts(),
            answer_by: String::new(),
            link: String::new(),
            reason: String::new(),
            side: "",
            hope: "",
        }
    }

    /// The letter to the clinician who holds an offer, with what the offer comes to.
    fn of_offer(words: &SessionWords, offer: &Offer, to: &Person) -> Self {
        let pay = pay_words(offer.rate_pence_per_hour, offer.pay_pence);
        let letter = Self::about(words, to)
            .with_fact("Pay", pay)
            .with_fact("From home", distance(i64::from(offer.road_metres)))
            .with_fact("Needs", words.needs.clone())
            .with_fact("Notes", words.notes.clone());
        Self { name: to.name.clone(), ..letter }
    }

    fn with_fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((name, value));
        }
        self
    }
}

/// What one mail tells its reader: one thing, or several that one act has to say to them.
#[derive(Debug, Clone)]
struct Letters {
    bank_name: String,
    /// Whom it addresses, or "" for the people of a practice.
    name: String,
    passages: Vec<Passage>,
}

/// One thing of a mail. Where it tells several, each stands between marks, and what events have overtaken is left out when
/// the mail leaves.
#[derive(Debug, Clone)]
struct Passage {
    opens: String,
    closes: &'static str,
    letter: Letter,
}

impl Letters {
    /// The letters to one reader, each of which is true while its offer is open or its booking stands.
    fn while_true(letters: Vec<(Uuid, Letter)>) -> Self {
        let is_one = letters.len() == 1;
        let passage = |(id, letter)| Passage {
            opens: if is_one { String::new() } else { fresh::opens(&[id]) },
            closes: if is_one { "" } else { fresh::closes() },
            letter,
        };
        Self::of(letters.into_iter().map(passage).collect())
    }

    /// The letters to one reader of what stays true.
    fn for_good(letters: Vec<Letter>) -> Self {
        let passage = |letter| Passage { opens: String::new(), closes: "", letter };
        Self::of(letters.into_iter().map(passage).collect())
    }

    fn of(passages: Vec<Passage>) -> Self {
        let first = passages.first().map(|it| (it.letter.bank_name.clone(), it.letter.name.clone()));
        let (bank_name, name) = first.unwrap_or_default();
        Self { bank_name, name, passages }
    }

    fn is_one(&self) -> bool {
        self.passages.len() == 1
    }

    /// The reason, where one is that of all.
    fn reason(&self) -> &str {
        self.passages.first().map_or("", |passage| &passage.letter.reason)
    }

    /// Where the first leads.
    fn link(&self) -> &str {
        self.passages.first().map_or("", |passage| &passage.letter.link)
    }
}

/// The dates of sessions that start then, in order, each once: "Tue 10 Nov and Wed 11 Nov".
fn dates_of(starts: impl Iterator<Item = DateTime<Utc>>) -> String {
    let mut dates: Vec<_> = starts.map(london_date).collect();
    dates.dedup();
    let dates: Vec<String> = dates.into_iter().map(short_date).collect();
    list(&dates.iter().map(String::as_str).collect::<Vec<_>>())
}

/// An offer with its session.
pub type Offered<'a> = (&'a Offer, &'a SessionFacts);

/// How a mail that tells one person several things is known: by what it tells first and to whom.
fn key_of_several(first: Uuid, to: &Person) -> String {
    format!("several from {first} to {}", to.to.address)
}

/// The mail about an offer to its clinician, until it would be answered too late.
fn mail_of_offer(
    kind: &'static MessageKind,
    (offer, session, to): (&Offer, &SessionFacts, &Person),
    subject: String,
    bodies: (String, String),
) -> NewMail {
    NewMail {
        offers: vec![offer.id],
        not_after: Some(session.starts_at),
        ..NewMail::new(session.bank, kind, offer.id.to_string(), vec![to.to.clone()], subject, bodies)
    }
}

#[cfg(test)]
mod tests;

//! What the booking desk writes to people: one folder a message, with its text and its HTML.

use askama::Template;
use chrono::{DateTime, Utc};

use super::calendar::{self, Entry};
use super::desk::Desk;
use super::facts::SessionFacts;
use super::offer::Offer;
use super::{Booking, Side};
use crate::email::links::offer_link;
use crate::email::{Calendar, CalendarMethod, NewMail, Recipient};
use crate::web::format::{
    deadline, distance, duration, full_date, in_sentence, london_date, moment, pounds, rate_an_hour,
    short_date, time_at, time_span,
};

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
            needs: crate::web::format::list(&needs),
            notes: session.notes.clone(),
        }
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

/// Declares the messages: a variant, its kind in the outbox, its text and its HTML.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident $kind:literal $text:literal $html:literal;)*) => {
        /// A message of the booking desk.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Message {
            $($(#[$doc])* $name,)*
        }

        impl Message {
            /// Every message.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its kind in the outbox.
            #[must_use]
            pub fn kind(self) -> &'static str {
                match self { $(Self::$name => $kind,)* }
            }

            /// Its text and its HTML.
            fn render(self, letter: &Letter<'_>) -> Result<(String, String), askama::Error> {
                match self {
                    $(Self::$name => {
                        #[derive(Template)]
                        #[template(path = $text)]
                        struct Text<'a> { letter: &'a Letter<'a> }
                        #[derive(Template)]
                        #[template(path = $html)]
                        struct Html<'a> { letter: &'a Letter<'a>, bank_name: &'a str }
                        let bank = &letter.words.bank_name;
                        Ok((Text { letter }.render()?, Html { letter, bank_name: bank }.render()?))
                    })*
                }
            }
        }
    };
}

messages! {
    /// To a clinician: a session is held for them.
    SessionOffered "session_offered" "booking/messages/session_offered/text.txt" "booking/messages/session_offered/message.html";
    /// To a clinician: an open offer of theirs is taken back.
    OfferWithdrawn "offer_withdrawn" "booking/messages/offer_withdrawn/text.txt" "booking/messages/offer_withdrawn/message.html";
    /// To a clinician: they are booked.
    ConfirmedToClinician "booking_confirmed_clinician" "booking/messages/booking_confirmed_clinician/text.txt" "booking/messages/booking_confirmed_clinician/message.html";
    /// To a practice: somebody is booked.
    ConfirmedToPractice "booking_confirmed_practice" "booking/messages/booking_confirmed_practice/text.txt" "booking/messages/booking_confirmed_practice/message.html";
    /// To a clinician: a booking of theirs no longer counts.
    CancelledToClinician "booking_cancelled_clinician" "booking/messages/booking_cancelled_clinician/text.txt" "booking/messages/booking_cancelled_clinician/message.html";
    /// To a practice: a booking of theirs no longer counts.
    CancelledToPractice "booking_cancelled_practice" "booking/messages/booking_cancelled_practice/text.txt" "booking/messages/booking_cancelled_practice/message.html";
}

/// What a message's templates are given.
struct Letter<'a> {
    words: &'a SessionWords,
    /// Whom it addresses, or "" for the people of a practice.
    name: &'a str,
    /// The clinician it is about.
    clinician: &'a str,
    /// The role, as in the middle of a sentence.
    role: String,
    /// What is listed: name and value.
    facts: Vec<(&'static str, String)>,
    /// Until when to answer.
    answer_by: String,
    /// Where to go.
    link: String,
    /// Why something was taken back.
    reason: &'a str,
    /// Which side cancelled: "the practice", or "you".
    side: &'static str,
    /// Whether the session wants somebody again.
    is_open_again: bool,
}

impl<'a> Letter<'a> {
    fn about(words: &'a SessionWords, clinician: &'a Person) -> Self {
        Self {
            words,
            name: "",
            clinician: &clinician.name,
            role: in_sentence(&clinician.role),
            facts: vec![
                ("Date", words.date.clone()),
                ("Time", format!("{} ({})", words.times, words.duration)),
                ("Place", format!("{}, {}", words.practice, words.address)),
            ],
            answer_by: String::new(),
            link: String::new(),
            reason: "",
            side: "",
            is_open_again: false,
        }
    }

    fn with_fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((name, value));
        }
        self
    }
}

/// The mail that offers a session.
pub fn session_offered(
    offer: &Offer,
    session: &SessionFacts,
    to: &Person,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to)
        .with_fact("Pay", pay_words(offer.rate_pence_per_hour, offer.pay_pence))
        .with_fact("From home", distance(i64::from(offer.road_metres)))
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    letter.name = &to.name;
    letter.answer_by = moment(offer.expires_at);
    letter.link = offer_link(offer.id);
    let subject = format!(
        "{}: {} session offered to you, {}, answer by {}",
        words.when_and_where,
        letter.role,
        rate_an_hour(i64::from(offer.rate_pence_per_hour)),
        deadline(offer.expires_at, now)
    );
    let mut mail = mail(Message::SessionOffered, &letter, session, vec![to.to.clone()], subject)?;
    mail.dedup_key = offer.id.to_string();
    mail.offer = Some(offer.id);
    mail.priority = 2;
    mail.not_after = Some(offer.expires_at);
    Ok(mail)
}

/// The mail that takes an open offer back. `reason` is a sentence.
pub fn offer_withdrawn(
    offer: &Offer,
    session: &SessionFacts,
    to: &Person,
    reason: &str,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to);
    letter.name = &to.name;
    letter.reason = reason;
    let subject = format!("{}: no longer offered to you", words.when_and_where);
    let mut mail = mail(Message::OfferWithdrawn, &letter, session, vec![to.to.clone()], subject)?;
    mail.dedup_key = offer.id.to_string();
    mail.offer = Some(offer.id);
    mail.priority = 3;
    Ok(mail)
}

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

impl Told<'_> {
    fn practice_recipients(&self) -> Vec<Recipient> {
        self.practice.iter().map(|person| person.to.clone()).collect()
    }

    fn letter<'b>(&'b self, words: &'b SessionWords, desk: &Desk) -> Letter<'b> {
        let pay = pay_words(self.booking.rate_pence_per_hour, self.booking.pay_pence);
        let mut letter = Letter::about(words, self.clinician).with_fact("Pay", pay);
        letter.link = format!("{}/bookings/{}", desk.base_url, self.booking.id);
        letter
    }

    /// The two mails, to the clinician and to the practice, with the calendar entry of each.
    fn mails(
        &self,
        desk: &Desk,
        method: CalendarMethod,
        (clinician, practice): ((Message, Letter<'_>, String), (Message, Letter<'_>, String)),
        now: DateTime<Utc>,
    ) -> Result<[NewMail; 2], askama::Error> {
        let (message, letter, subject) = clinician;
        let to_clinician = vec![self.clinician.to.clone()];
        let mut first = mail(message, &letter, self.session, to_clinician, subject)?;
        let summary = format!("{} session at {}", self.clinician.role, self.session.practice_name);
        let own = std::slice::from_ref(self.clinician);
        first.calendar = Some(self.calendar(desk, method, (summary, own), &letter, now));
        let (message, letter, subject) = practice;
        let mut second = mail(message, &letter, self.session, self.practice_recipients(), subject)?;
        let summary = format!("{} session: {}", self.clinician.role, self.clinician.name);
        second.calendar = Some(self.calendar(desk, method, (summary, self.practice), &letter, now));
        for mail in [&mut first, &mut second] {
            mail.dedup_key = self.booking.id.to_string();
            mail.booking = Some(self.booking.id);
            mail.priority = 1;
            mail.not_after = Some(self.session.ends_at);
        }
        Ok([first, second])
    }

    fn calendar(
        &self,
        desk: &Desk,
        method: CalendarMethod,
        (summary, people): (String, &[Person]),
        letter: &Letter<'_>,
        now: DateTime<Utc>,
    ) -> Calendar {
        let lines: Vec<String> =
            letter.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let entry = Entry {
            booking: self.booking.id,
            sequence: self.booking.calendar_sequence,
            method,
            session: self.session,
            summary,
            description: format!("{}\n{}", lines.join("\n"), letter.link),
            attendees: people.iter().map(|it| (it.name.as_str(), it.to.address.as_str())).collect(),
            written_at: now,
        };
        Calendar { method, body: calendar::render(&entry, desk) }
    }
}

/// The two mails that confirm a booking.
pub fn booking_confirmed(
    told: &Told<'_>,
    desk: &Desk,
    now: DateTime<Utc>,
) -> Result<[NewMail; 2], askama::Error> {
    let words = SessionWords::of(told.session);
    let (person, place) = (told.clinician, &words.when_and_where);
    let mut own = told
        .letter(&words, desk)
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    own.name = &person.name;
    let mut practice = told.letter(&words, desk);
    practice.facts.insert(0, ("Clinician", format!("{}, {}", person.name, in_sentence(&person.role))));
    let rate = rate_an_hour(i64::from(told.booking.rate_pence_per_hour));
    let letters = (
        (Message::ConfirmedToClinician, own, format!("Booked: {place}, {rate}")),
        (
            Message::ConfirmedToPractice,
            practice,
            format!("Booked: {place}: {}, {}", person.name, in_sentence(&person.role)),
        ),
    );
    told.mails(desk, CalendarMethod::Request, letters, now)
}

/// The two mails that cancel a booking.
pub fn booking_cancelled(
    told: &Told<'_>,
    desk: &Desk,
    (side, reason): (Side, &str),
    now: DateTime<Utc>,
) -> Result<[NewMail; 2], askama::Error> {
    let words = SessionWords::of(told.session);
    let (person, place) = (told.clinician, &words.when_and_where);
    let mut own = told.letter(&words, desk);
    own.name = &person.name;
    own.side = if side == Side::Clinician { "you" } else { side.text() };
    own.reason = reason;
    let mut practice = told.letter(&words, desk);
    practice.facts.insert(0, ("Clinician", format!("{}, {}", person.name, in_sentence(&person.role))));
    practice.side = side.text();
    practice.reason = reason;
    practice.is_open_again = !told.session.is_withdrawn && told.session.starts_at > now;
    let letters = (
        (Message::CancelledToClinician, own, format!("Cancelled: {place}")),
        (Message::CancelledToPractice, practice, format!("Cancelled: {place}: {}", person.name)),
    );
    told.mails(desk, CalendarMethod::Cancel, letters, now)
}

fn mail(
    message: Message,
    letter: &Letter<'_>,
    session: &SessionFacts,
    to: Vec<Recipient>,
    subject: String,
) -> Result<NewMail, askama::Error> {
    let (text, html) = message.render(letter)?;
    Ok(NewMail {
        bank: session.bank,
        kind: message.kind(),
        dedup_key: String::new(),
        to,
        subject,
        text,
        html,
        calendar: None,
        booking: None,
        offer: None,
        priority: 5,
        not_after: Some(session.starts_at),
    })
}

#[cfg(test)]
mod tests;

//! To anybody: what is open to them, and the messages they wanted in the daily email.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ground::id::{BankId, SessionId};
use crate::ground::mail::fresh;
use crate::ground::mail::links::first_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::{count, full_date, london_date, short_date};
use crate::letters::digest::open::{Open, OpenSession};

/// What is told, and to whom.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The bank.
    pub bank: BankId,
    /// Its name.
    pub bank_name: &'a str,
    /// Whom it is to.
    pub to: Recipient,
    /// The day it is for.
    pub date: NaiveDate,
    /// What is open to them.
    pub open: &'a Open,
    /// Subject and text of each message.
    pub messages: Vec<(&'a str, &'a str)>,
    /// Where the pages are.
    pub base_url: &'a str,
    /// When it is of no use any more.
    pub not_after: DateTime<Utc>,
}

/// A session with its marks.
struct Passage {
    opens: String,
    heading: String,
    detail: String,
}

/// A message, with marks where it tells of sessions that may be filled before the daily email leaves.
struct Message {
    opens: String,
    closes: &'static str,
    subject: String,
    link: Option<String>,
}

impl Message {
    fn of(subject: &str, text: &str) -> Self {
        let told: Vec<Uuid> = fresh::records_in(text).into_iter().collect();
        let is_marked = !told.is_empty();
        Self {
            opens: if is_marked { fresh::opens(&told) } else { String::new() },
            closes: if is_marked { fresh::closes() } else { "" },
            subject: subject.to_owned(),
            link: first_link(text).map(str::to_owned),
        }
    }
}

struct Letter {
    bank_name: String,
    name: String,
    date: String,
    anyway: &'static str,
    opens_any: String,
    closes: &'static str,
    passages: Vec<Passage>,
    told_before: String,
    messages: Vec<Message>,
    availability: String,
}

bodies!(Letter "letters/digest/messages/digest/text.txt" "letters/digest/messages/digest/message.html");

/// The daily email.
pub fn mail(told: &Told<'_>) -> Result<NewMail, askama::Error> {
    let sessions: Vec<SessionId> = told.open.new.iter().map(|session| session.id).collect();
    let letter = Letter {
        bank_name: told.bank_name.to_owned(),
        name: told.to.name.clone(),
        date: full_date(told.date),
        anyway: if told.messages.iter().any(|(_, text)| fresh::records_in(text).is_empty()) {
            fresh::anyway()
        } else {
            ""
        },
        opens_any: fresh::opens(&sessions),
        closes: fresh::closes(),
        passages: told
            .open
            .new
            .iter()
            .map(|session| Passage {
                opens: fresh::opens(&[session.id]),
                heading: session.heading.clone(),
                detail: session.detail.clone(),
            })
            .collect(),
        told_before: told_before(told.open.told_before),
        messages: told.messages.iter().map(|(subject, text)| Message::of(subject, text)).collect(),
        availability: format!("{}/availability", told.base_url),
    };
    Ok(NewMail {
        not_after: Some(told.not_after),
        ..NewMail::new(
            told.bank,
            &super::DIGEST,
            told.to.account.map_or_else(String::new, |account| format!("{account} {}", told.date)),
            vec![told.to.clone()],
            subject(told),
            render(&letter)?,
        )
    })
}

/// What is said of the sessions that fit and were told before; nothing where there are none.
fn told_before(sessions: usize) -> String {
    let verb = if sessions == 1 { "was" } else { "were" };
    match i64::try_from(sessions).unwrap_or(i64::MAX) {
        0 => String::new(),
        many => format!(
            "{} that earlier emails told you of {verb} still open this morning.",
            count(many, "session", "sessions")
        ),
    }
}

/// Sessions may be filled before it leaves, so the subject does not count them.
fn subject(told: &Told<'_>) -> String {
    let day = short_date(told.date);
    let messages = count(i64::try_from(told.messages.len()).unwrap_or(i64::MAX), "message", "messages");
    match (told.open.new.is_empty(), told.messages.is_empty()) {
        (false, true) => format!("{day}: new open sessions that fit you"),
        (false, false) => format!("{day}: new open sessions that fit you, and {messages}"),
        (true, _) => format!("{day}: {messages} for you"),
    }
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let session = |days: i64, detail: &str| OpenSession {
        id: SessionId::default(),
        heading: format!(
            "{}, 8:30am to 12:40pm, {}",
            short_date(london_date(specimen.now + chrono::TimeDelta::days(days))),
            specimen.practice
        ),
        detail: detail.to_owned(),
    };
    let new = vec![
        session(2, "£88 an hour, £366.67 in all, 8 miles from home"),
        session(5, "£85 an hour, £354.17 in all, 3 miles from home"),
    ];
    let open = Open { new, told_before: 12 };
    let subject =
        format!("Tue 10 Nov, 8:30am, {}: the offer of this session to you has lapsed", specimen.practice);
    let text = format!("{}/offers", specimen.letterhead.base_url);
    mail(&Told {
        bank: specimen.bank,
        bank_name: &specimen.bank_name,
        to: specimen.recipient(),
        date: london_date(specimen.now),
        open: &open,
        messages: vec![(subject.as_str(), text.as_str())],
        base_url: &specimen.letterhead.base_url,
        not_after: specimen.now + chrono::TimeDelta::hours(18),
    })
}

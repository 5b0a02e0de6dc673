//! To a clinician: sessions they were available for went to others, and why; at most once a week.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::bank::calendar::start_of_day;
use crate::email::specimen::Specimen;
use crate::email::{Letterhead, NewMail, Recipient, bodies, kinds};
use crate::id::{BankId, ClinicianId};
use crate::planning::why::sentence_for_others;
use crate::web::format::{count, london_date, short_date, time_at};

bodies!(Letter "planning/messages/not_chosen/text.txt" "planning/messages/not_chosen/message.html");

/// So many sessions are named.
const MOST_NAMED: usize = 5;

struct Letter {
    bank_name: String,
    name: String,
    /// "3 sessions you could do".
    total: String,
    /// "Tue 3 Nov, 8:30am, Orchid House Surgery", and why.
    lines: Vec<(String, String)>,
    more: String,
    preferences_link: String,
    link: String,
}

/// The bank and the week of a mail.
#[derive(Debug, Clone, Copy)]
pub struct Week<'a> {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: &'a str,
    /// The Monday on which it is told.
    pub monday: NaiveDate,
}

/// A session that went to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The practice.
    pub practice: String,
    /// What spoke for whoever it was offered to, as codes of [`Why`](crate::planning::why::Why).
    pub why: Vec<String>,
    /// How many people could do it.
    pub candidates: i32,
}

/// The mail to one clinician; one a week. `sessions` are in order of time.
pub fn mail(
    week: Week<'_>,
    (clinician, to): (ClinicianId, &Recipient),
    sessions: &[Elsewhere],
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let counted = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let total = count(counted(sessions.len()), "session you could do", "sessions you could do");
    let more = counted(sessions.len().saturating_sub(MOST_NAMED));
    let line = |session: &Elsewhere| {
        let day = short_date(london_date(session.starts_at));
        let session_words = format!("{day}, {}, {}", time_at(session.starts_at), session.practice);
        (session_words, sentence_for_others(&session.why, session.candidates))
    };
    let letter = Letter {
        bank_name: week.bank_name.to_owned(),
        name: to.name.clone(),
        lines: sessions.iter().take(MOST_NAMED).map(line).collect(),
        more: if more > 0 {
            format!("And {}.", count(more, "more session", "more sessions"))
        } else {
            String::new()
        },
        preferences_link: format!("{}/me/practices", letterhead.base_url),
        link: format!("{}/me", letterhead.base_url),
        total: total.clone(),
    };
    let subject =
        format!("Week of {}, {}: {total} went to others, and why", short_date(week.monday), week.bank_name);
    let (text, html) = render(&letter)?;
    Ok(NewMail {
        bank: week.bank,
        kind: &kinds::NOT_CHOSEN,
        dedup_key: format!("{}:{clinician}", week.monday),
        to: vec![to.clone()],
        subject,
        text,
        html,
        calendar: None,
        booking: None,
        offer: None,
        not_after: Some(start_of_day(chrono_tz::Europe::London, week.monday + TimeDelta::days(7))),
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let elsewhere = |days: i64, why: &[&str], candidates: i32| Elsewhere {
        starts_at: specimen.now + TimeDelta::days(days),
        practice: specimen.practice.clone(),
        why: why.iter().map(|code| (*code).to_owned()).collect(),
        candidates,
    };
    let sessions =
        [elsewhere(3, &["nearest", "preferred"], 7), elsewhere(4, &["little_work"], 2), elsewhere(8, &[], 4)];
    let monday = london_date(specimen.now);
    let week = Week { bank: specimen.bank, bank_name: &specimen.bank_name, monday };
    mail(week, (ClinicianId::new(), &specimen.recipient()), &sessions, &specimen.letterhead)
}

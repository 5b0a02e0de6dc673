//! To a clinician: sessions they were available for went to others, and why; at most once a week.

use chrono::{DateTime, TimeDelta, Utc};

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{count, london_date, short_date, time_at};
use crate::terms::bank::Bank;
use crate::terms::bank::weekly::Week;
use crate::work::planning::why::{Why, sentence_for_others};

bodies!(Letter "work/planning/messages/not_chosen/text.txt" "work/planning/messages/not_chosen/message.html");

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

/// A session that went to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The practice.
    pub practice: String,
    /// What spoke for whoever it was offered to.
    pub why: Vec<Why>,
    /// How many people could do it.
    pub candidates: i32,
}

/// The mail to one clinician; one a week. `sessions` are in order of time.
pub fn mail(
    week: Week<'_>,
    sessions: &[Elsewhere],
    to: &Recipient,
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
        bank_name: week.bank.name.clone(),
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
    let said = format!("{total} went to others, and why");
    Ok(week.mail(&super::NOT_CHOSEN, to, &said, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let elsewhere = |days: i64, why: &[Why], candidates: i32| Elsewhere {
        starts_at: specimen.now + TimeDelta::days(days),
        practice: specimen.practice.clone(),
        why: why.to_vec(),
        candidates,
    };
    let sessions = [
        elsewhere(3, &[Why::Nearest, Why::Preferred], 7),
        elsewhere(4, &[Why::LittleWork], 2),
        elsewhere(8, &[], 4),
    ];
    let today = london_date(specimen.now);
    let week = Week { bank: &Bank::of_specimen(specimen), monday: today, today };
    mail(week, &sessions, &specimen.recipient(), &specimen.letterhead)
}

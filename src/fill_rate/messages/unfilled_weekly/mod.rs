//! To the commissioner's people: what is unfilled in the next two weeks, and why, once a week.

use chrono::{NaiveDate, TimeDelta};

use crate::bank::Band;
use crate::bank::calendar::start_of_day;
use crate::email::specimen::Specimen;
use crate::email::{Letterhead, NewMail, Recipient, bodies, kinds};
use crate::fill_rate::store::UnfilledRow;
use crate::id::{BankId, SessionId};
use crate::planning::EmptyReason;
use crate::planning::words::blocked_words;
use crate::web::format::{count, list, london_date, rate_span, short_date, time_span};

bodies!(Letter "fill_rate/messages/unfilled_weekly/text.txt" "fill_rate/messages/unfilled_weekly/message.html");

struct Letter {
    bank_name: String,
    name: String,
    /// "12 sessions have a place nobody is booked in".
    total: String,
    lines: Vec<Line>,
    /// "7 more are on the page.", or "".
    more: String,
    link: String,
}

struct Line {
    /// "Tue 3 Nov, 8:30am to 12:40pm".
    when: String,
    practice: String,
    pays: String,
    /// A sentence or two.
    why: String,
}

/// The bank and the week of a list.
#[derive(Debug, Clone, Copy)]
pub struct Week<'a> {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: &'a str,
    /// The Monday of the week.
    pub monday: NaiveDate,
}

/// The mail to one person; one a week. `rows` are the soonest of all that are unfilled.
pub fn mail(
    week: Week<'_>,
    rows: &[UnfilledRow],
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let total = rows.first().map_or(0, |row| row.total);
    let more = total - i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let letter = Letter {
        bank_name: week.bank_name.to_owned(),
        name: to.name.clone(),
        total: count(total, "session has a place", "sessions have places"),
        lines: rows.iter().map(line).collect(),
        more: if more > 0 {
            format!("{} on the page.", count(more, "more is", "more are"))
        } else {
            String::new()
        },
        link: format!("{}/unfilled-sessions", letterhead.base_url),
    };
    let subject = format!(
        "Week of {}, {}: {} unfilled in the next 14 days",
        short_date(week.monday),
        week.bank_name,
        count(total, "session", "sessions")
    );
    let (text, html) = render(&letter)?;
    let key = to.account.map_or_else(|| to.address.clone(), |account| account.to_string());
    Ok(NewMail {
        bank: week.bank,
        kind: &kinds::UNFILLED_WEEKLY,
        dedup_key: format!("{}:{key}", week.monday),
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

fn line(row: &UnfilledRow) -> Line {
    let reason = match (row.reason, row.offers_out) {
        (_, offers) if offers > 0 => {
            format!("{}.", count(offers, "offer waits for an answer", "offers wait for an answer"))
        }
        (Some(reason), _) => reason.sentence().to_owned(),
        (None, _) => "Not offered yet.".to_owned(),
    };
    let blocked = row.blocked.as_ref().map(blocked_words).unwrap_or_default();
    let blocked = if blocked.is_empty() {
        String::new()
    } else {
        format!(" Of those in the role, {}.", list(&blocked))
    };
    Line {
        when: format!("{}, {}", short_date(row.local_date), time_span(row.starts_at, row.ends_at)),
        practice: row.practice.clone(),
        pays: rate_span(row.rate_min_pence_per_hour.into(), row.rate_max_pence_per_hour.into()),
        why: format!("{reason}{blocked}"),
    }
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let monday = london_date(specimen.now);
    let row = |days: i64, reason: EmptyReason, blocked: serde_json::Value| {
        let starts_at = specimen.now + TimeDelta::days(days);
        UnfilledRow {
            id: SessionId::new(),
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(250),
            local_date: london_date(starts_at),
            band: Band::Core,
            practice: specimen.practice.clone(),
            roles: vec!["gp".to_owned()],
            rate_min_pence_per_hour: 7_600,
            rate_max_pence_per_hour: 8_200,
            places_left: 1,
            offers_out: 0,
            reason: Some(reason),
            blocked: Some(blocked),
            total: 7,
        }
    };
    let rows = [
        row(2, EmptyReason::NoEligibleClinician, serde_json::json!({ "rate": 4, "availability": 9 })),
        row(5, EmptyReason::AllEligibleBetterUsed, serde_json::json!({})),
    ];
    let week = Week { bank: specimen.bank, bank_name: &specimen.bank_name, monday };
    mail(week, &rows, &specimen.recipient(), &specimen.letterhead)
}

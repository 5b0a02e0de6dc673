//! To the commissioner's people: what is unfilled in the next two weeks, and why, once a week.

use chrono::TimeDelta;
use sqlx::types::Json;

use crate::eligibility::empty::{Blocked, EmptyReason};
use crate::eligibility::words::Audience;
use crate::ground::id::SessionId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{count, list, london_date, rate_span, short_date, time_span};
use crate::insight::fill_rate::store::UnfilledRow;
use crate::terms::bank::weekly::{Week, more_on_the_page};
use crate::terms::bank::{Band, Bank};
use matching_model::plan::RuleCode;

bodies!(Letter "insight/fill_rate/messages/unfilled_weekly/text.txt" "insight/fill_rate/messages/unfilled_weekly/message.html");

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
        bank_name: week.bank.name.clone(),
        name: to.name.clone(),
        total: count(total, "session has a place", "sessions have places"),
        lines: rows.iter().map(line).collect(),
        more: more_on_the_page(more),
        link: format!("{}/unfilled-sessions", letterhead.base_url),
    };
    let said = format!("{} unfilled in the next 14 days", count(total, "session", "sessions"));
    Ok(week.mail(&super::UNFILLED_WEEKLY, to, &said, render(&letter)?))
}

fn line(row: &UnfilledRow) -> Line {
    let reason = match (row.reason, row.offers_out) {
        (_, offers) if offers > 0 => {
            format!("{}.", count(offers, "offer waits for an answer", "offers wait for an answer"))
        }
        (Some(reason), _) => reason.sentence(Audience::Commissioner).to_owned(),
        (None, _) => "Not offered yet.".to_owned(),
    };
    let blocked =
        row.blocked.as_ref().map(|blocked| blocked.lines(Audience::Commissioner)).unwrap_or_default();
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
    let row = |days: i64, reason: EmptyReason, blocked: Blocked| {
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
            blocked: Some(Json(blocked)),
            total: 7,
        }
    };
    let rows = [
        row(
            2,
            EmptyReason::NoEligibleClinician,
            Blocked([(RuleCode::Rate, 4), (RuleCode::Availability, 9)].into()),
        ),
        row(5, EmptyReason::AllEligibleBetterUsed, Blocked::default()),
    ];
    let today = london_date(specimen.now);
    let week = Week { bank: &Bank::of_specimen(specimen), monday: today, today };
    mail(week, &rows, &specimen.recipient(), &specimen.letterhead)
}

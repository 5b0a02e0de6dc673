//! The week: every session of the practices a manager acts for, by day, with its state.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use crate::eligibility::empty::explain;
use crate::ground::app::App;
use crate::ground::form_fields::Typed;
use crate::ground::id::PracticeId;
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::practice::{self, Practice};
use crate::terms::bank::{self, Catalogue, calendar};
use crate::work::session::standing::Standing;
use crate::work::session::store::standing::{SessionSoFar, list_sessions_of_practices};

/// What follows `/sessions?`.
#[derive(Debug, Deserialize)]
pub struct WeekQuery {
    #[serde(default)]
    week: Typed,
    #[serde(default)]
    practice: Typed,
}

#[derive(Template)]
#[template(path = "work/session/pages/week.html")]
struct WeekPage {
    page: PageFrame,
    heading: String,
    monday: NaiveDate,
    previous_href: String,
    this_href: String,
    next_href: String,
    /// Where several sessions of the week are withdrawn together.
    withdraw_href: String,
    practices: Vec<Choice>,
    figures: Vec<(String, &'static str)>,
    days: Vec<Day>,
    is_empty: bool,
    acts_for_nobody: bool,
}

struct Day {
    date: String,
    look: &'static str,
    entries: Vec<Entry>,
    new_href: String,
}

struct Entry {
    href: String,
    span: String,
    role: String,
    practice: String,
    people: Vec<String>,
    why: String,
    tag: Tag,
    look: &'static str,
}

/// The rows of a week.
struct Rows {
    own: Vec<Practice>,
    sessions: Vec<SessionSoFar>,
    catalogue: Catalogue,
}

/// `GET /sessions`: a week of sessions. `?week=` is any date in it; this week without one.
pub async fn week_page(
    who: Admitted,
    query: web::Query<WeekQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let today = calendar::local_date(who.time_zone, now);
    let monday = calendar::monday_of(query.week.parse().unwrap_or(today));
    let only: Option<PracticeId> = query.practice.parse().ok();
    let rows = load(app, &who, only, monday).await?;
    let href = |monday| href_of(monday, only);
    let chosen = only.map(|id| id.to_string()).unwrap_or_default();
    let days: Vec<Day> =
        (0..7).map(|day| one_day(monday + TimeDelta::days(day), &rows, today, now)).collect();
    page(&WeekPage {
        heading: words::date_span(monday, monday + TimeDelta::days(6)),
        previous_href: href(monday - TimeDelta::weeks(1)),
        this_href: href(calendar::monday_of(today)),
        next_href: href(monday + TimeDelta::weeks(1)),
        withdraw_href: withdraw_href_of(monday, today, only),
        monday,
        practices: practice_choices(&rows.own, &chosen),
        figures: figures(&rows, now),
        is_empty: rows.sessions.is_empty(),
        acts_for_nobody: rows.own.is_empty(),
        days,
        page: who.frame(&request),
    })
}

/// Where a week is, of all practices or of one.
fn href_of(monday: NaiveDate, only: Option<PracticeId>) -> String {
    match only {
        Some(practice) => format!("/sessions?week={monday}&practice={practice}"),
        None => format!("/sessions?week={monday}"),
    }
}

/// Where several sessions of what is left of a week are withdrawn together.
fn withdraw_href_of(monday: NaiveDate, today: NaiveDate, only: Option<PracticeId>) -> String {
    let (from, until) = (monday.max(today), (monday + TimeDelta::days(6)).max(today));
    let practice = only.map(|practice| format!("&practice={practice}")).unwrap_or_default();
    format!("/sessions/withdraw?from={from}&until={until}{practice}")
}

fn practice_choices(own: &[Practice], chosen: &str) -> Vec<Choice> {
    if own.len() < 2 {
        return Vec::new();
    }
    let one = |practice: &Practice| {
        let id = practice.id.to_string();
        let is_chosen = id == chosen;
        Choice::new(id, &practice.name, is_chosen)
    };
    std::iter::once(Choice::new("", "All your practices", chosen.is_empty()))
        .chain(own.iter().map(one))
        .collect()
}

async fn load(
    app: &App,
    who: &Admitted,
    only: Option<PracticeId>,
    monday: NaiveDate,
) -> Result<Rows, AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let own = practice::store::list_practices_managed_by(tx, membership).await?;
    let shown = own.iter().map(|practice| practice.id);
    let shown: Vec<PracticeId> = shown.filter(|id| only.is_none_or(|only| only == *id)).collect();
    let sunday = monday + TimeDelta::days(6);
    let sessions = list_sessions_of_practices(tx, &shown, monday, sunday).await?;
    Ok(Rows {
        catalogue: Catalogue { roles: bank::store::list_roles(tx).await?, ..Catalogue::default() },
        own,
        sessions,
    })
}

fn standing(row: &SessionSoFar, now: DateTime<Utc>) -> Standing {
    let open_offers = row.offered.as_ref().map_or(0, |offered| offered.open);
    Standing::of(&row.session, row.booked.len(), open_offers, now)
}

/// Why a place of a session is empty, in a few words.
fn why(row: &SessionSoFar, standing: Standing) -> String {
    match &row.left_empty {
        Some(left) if standing.has_empty_place() => explain(left.reason, &left.blocked).sentence,
        _ => String::new(),
    }
}

/// How many sessions of the week stand where.
fn figures(rows: &Rows, now: DateTime<Utc>) -> Vec<(String, &'static str)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for row in &rows.sessions {
        let label = match standing(row, now) {
            Standing::Withdrawn => continue,
            Standing::Filled => "filled",
            Standing::PartFilled { .. } | Standing::Offered => "offered or part filled",
            Standing::Open => "open",
            Standing::Unfilled => "not filled",
        };
        *counts.entry(label).or_default() += 1;
    }
    let order = ["filled", "offered or part filled", "open", "not filled"];
    order.into_iter().filter_map(|label| Some((counts.get(label)?.to_string(), label))).collect()
}

fn one_day(date: NaiveDate, rows: &Rows, today: NaiveDate, now: DateTime<Utc>) -> Day {
    let entry = |row: &SessionSoFar| {
        let (session, standing) = (&row.session, standing(row, now));
        let roles: Vec<&str> =
            session.asked.roles.iter().map(|role| rows.catalogue.role_name(role)).collect();
        Entry {
            href: format!("/sessions/{}", session.asked.id),
            span: session.asked.times.span_text(),
            role: words::list_or(&roles),
            practice: if rows.own.len() < 2 { String::new() } else { row.practice.clone() },
            people: row.booked.iter().map(|person| person.name.clone()).collect(),
            why: why(row, standing),
            tag: super::detail::tag_of(standing),
            look: standing.look(),
        }
    };
    Day {
        date: words::short_date(date),
        look: if date == today { "today" } else { "" },
        entries: rows
            .sessions
            .iter()
            .filter(|one| one.session.asked.times.local_date == date)
            .map(entry)
            .collect(),
        new_href: if date < today { String::new() } else { format!("/sessions/new?date={date}") },
    }
}

//! `/clinicians/{id}/rota`: what one clinician is booked for and offered in the bank, when they are away, and when they
//! usually can.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::{session_href, when};
use crate::ground::form_fields::Typed;
use crate::ground::id::ClinicianId;
use crate::ground::web::components::{Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::people::availability::Availability;
use crate::people::availability::forms::{WEEKDAYS, line_of_day, weekday_name};
use crate::people::availability::store::load_availability;
use crate::people::clinician::store::find_clinician;
use crate::terms::bank::calendar::local_date;
use crate::work::rota::store::{PersonRow, list_rota_of_clinician};

/// How far ahead time away is shown, in days.
const SHOWN_DAYS: u64 = 91;

/// What follows `/clinicians/{id}/rota?`.
#[derive(Debug, Deserialize)]
pub struct Query {
    #[serde(default)]
    show: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/rota/pages/person.html")]
struct PersonPage {
    page: PageFrame,
    name: String,
    /// Where everything else about them is.
    person_href: String,
    path: String,
    is_past: bool,
    lines: Vec<Line>,
    pages: Pagination,
    away: Vec<String>,
    every_week: Vec<(&'static str, String)>,
}

struct Line {
    when: String,
    href: String,
    practice: String,
    rate: String,
    state: Tag,
    /// Why it was cancelled; "" where it was not.
    reason: String,
    cancel_href: String,
}

/// `GET /clinicians/{id}/rota`: to come, or with `show=past` what is over.
pub async fn rota_of_clinician(
    who: Admitted,
    id: web::Path<ClinicianId>,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let today = local_date(who.time_zone, now);
    let last = today.checked_add_days(Days::new(SHOWN_DAYS)).unwrap_or(today);
    let is_past = query.show == *"past";
    let tx = &mut app.db.look(&who).await?;
    let person = find_clinician(tx, *id).await?.ok_or(AppError::NotFound)?;
    let availability = load_availability(tx, *id, today, last).await?;
    let read = async |span: Span| list_rota_of_clinician(tx, *id, !is_past, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let path = format!("/clinicians/{}/rota", *id);
    let show = if is_past { "past" } else { "" };
    page(&PersonPage {
        page: who.frame(&request),
        name: person.name,
        person_href: format!("/clinicians/{}", *id),
        is_past,
        lines: rows.into_iter().map(|row| line(row, now)).collect(),
        pages: shown.links(|number| format!("{path}?show={show}&page={number}")),
        away: away(&availability, today),
        every_week: every_week(&availability, today),
        path,
    })
}

fn line(row: PersonRow, now: DateTime<Utc>) -> Line {
    let state = match (row.cancelled_at, row.expires_at) {
        (Some(_), _) => Tag::new("Cancelled", TagColour::Grey),
        (None, Some(until)) => {
            Tag::new(format!("Offered until {}", words::deadline(until, now)), TagColour::Blue)
        }
        (None, None) => Tag::new("Booked", TagColour::Green),
    };
    let cancellable = row.booking_id.filter(|_| row.cancelled_at.is_none() && row.starts_at > now);
    Line {
        when: when(row.starts_at, row.ends_at),
        href: session_href(row.session_id),
        rate: words::rate_an_hour(row.rate_pence_per_hour.into()),
        state,
        reason: match (row.cancelled_side, row.cancel_reason) {
            (Some(side), Some(reason)) => format!("By {}: {reason}", side.text()),
            _ => String::new(),
        },
        cancel_href: cancellable.map_or_else(String::new, |id| format!("/rota/bookings/{id}/cancel")),
        practice: row.practice,
    }
}

fn away(availability: &Availability, today: NaiveDate) -> Vec<String> {
    let to_come = availability.away.iter().filter(|away| away.until_date >= today);
    to_come.map(|away| words::date_span(away.from_date, away.until_date)).collect()
}

/// The days of the week on which they usually can, with the hours.
fn every_week(availability: &Availability, today: NaiveDate) -> Vec<(&'static str, String)> {
    let week = availability.week_from(today);
    let line = |day| (weekday_name(day), line_of_day(&week, day));
    WEEKDAYS.into_iter().map(line).filter(|(_, hours)| !hours.is_empty()).collect()
}

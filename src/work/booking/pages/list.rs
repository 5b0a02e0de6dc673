//! Bookings as lists: a practice's week, a clinician's diary.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::booking::state_of;
use crate::ground::app::App;
use crate::ground::form_fields::Typed;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::people::clinician::store::find_clinician_of_membership;
use crate::terms::bank::calendar::{local_date, monday_of, start_of_day};
use crate::work::booking::messages::pay_words;
use crate::work::booking::store::lists::{BookingLine, list_bookings_of_clinician, list_bookings_of_manager};

/// What follows `/bookings?`.
#[derive(Debug, Deserialize)]
pub struct BookingsQuery {
    week: Option<NaiveDate>,
    #[serde(default)]
    show: Typed,
    #[serde(default)]
    page: AskedPage,
}

/// `GET /bookings`: by week for a practice manager, to come or past for a clinician.
pub async fn bookings_page(
    who: Admitted,
    query: web::Query<BookingsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let frame = who.frame(&request);
    match who.kind {
        PersonKind::PracticeManager => week_page(app, &who, frame, query.week).await,
        _ => diary_page(app, &who, frame, &query).await,
    }
}

#[derive(Template)]
#[template(path = "work/booking/pages/week.html")]
struct WeekPage {
    page: PageFrame,
    span: String,
    previous: NaiveDate,
    next: NaiveDate,
    is_this_week: bool,
    is_empty: bool,
    days: Vec<Day>,
}

struct Day {
    date: String,
    look: &'static str,
    entries: Vec<DayEntry>,
}

struct DayEntry {
    href: String,
    times: String,
    clinician: String,
    practice: String,
    look: &'static str,
    state: Tag,
}

async fn week_page(
    app: &App,
    who: &Admitted,
    frame: PageFrame,
    week: Option<NaiveDate>,
) -> Result<HttpResponse, AppError> {
    let (now, zone) = (app.clock.now(), who.time_zone);
    let today = local_date(zone, now);
    let within = |date: &NaiveDate| (2000..2100).contains(&date.year());
    let monday = monday_of(week.filter(within).unwrap_or(today));
    let after = |days| monday.checked_add_days(Days::new(days)).unwrap_or(monday);
    let span = (start_of_day(zone, monday), start_of_day(zone, after(7)));
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let lines = list_bookings_of_manager(tx, membership, span).await?;
    let day = |offset| {
        let date = after(offset);
        let of_day = lines.iter().filter(|line| local_date(zone, line.starts_at) == date);
        Day {
            date: words::short_date(date),
            look: if date == today { "today" } else { "" },
            entries: of_day.map(|line| day_entry(line, now)).collect(),
        }
    };
    page(&WeekPage {
        page: frame,
        span: words::date_span(monday, after(6)),
        previous: monday.checked_sub_days(Days::new(7)).unwrap_or(monday),
        next: after(7),
        is_this_week: monday == monday_of(today),
        is_empty: lines.is_empty(),
        days: (0..7).map(day).collect(),
    })
}

fn day_entry(line: &BookingLine, now: DateTime<Utc>) -> DayEntry {
    DayEntry {
        href: format!("/bookings/{}", line.id),
        times: words::time_span(line.starts_at, line.ends_at),
        clinician: format!("{}, {}", line.clinician_name, words::in_sentence(&line.role_name)),
        practice: line.practice_name.clone(),
        look: if line.cancelled_at.is_some() { "cancelled" } else { "filled" },
        state: state_of(line, now),
    }
}

#[derive(Template)]
#[template(path = "work/booking/pages/diary.html")]
struct DiaryPage {
    page: PageFrame,
    is_to_come: bool,
    lines: Vec<DiaryLine>,
    pages: Pagination,
}

struct DiaryLine {
    href: String,
    date: String,
    times: String,
    practice: String,
    pay: String,
    state: Tag,
}

async fn diary_page(
    app: &App,
    who: &Admitted,
    frame: PageFrame,
    query: &BookingsQuery,
) -> Result<HttpResponse, AppError> {
    let (now, membership) = (app.clock.now(), who.membership);
    let is_to_come = query.show != "past";
    let tx = &mut app.db.look(who).await?;
    let own = find_clinician_of_membership(tx, membership).await?;
    let own = own.ok_or(AppError::NotFound)?.id;
    let which = (is_to_come, now);
    let read = async |span: Span| list_bookings_of_clinician(tx, own, which, (span.limit, span.offset)).await;
    let (lines, shown) = query.page.read(read, |line| line.total).await?;
    let show = if is_to_come { "" } else { "show=past&" };
    page(&DiaryPage {
        page: frame,
        is_to_come,
        lines: lines.iter().map(|line| diary_line(line, now)).collect(),
        pages: shown.links(|number| format!("/bookings?{show}page={number}")),
    })
}

fn diary_line(line: &BookingLine, now: DateTime<Utc>) -> DiaryLine {
    DiaryLine {
        href: format!("/bookings/{}", line.id),
        date: words::short_date(words::london_date(line.starts_at)),
        times: words::time_span(line.starts_at, line.ends_at),
        practice: line.practice_name.clone(),
        pay: pay_words(line.rate_pence_per_hour, line.pay_pence),
        state: state_of(line, now),
    }
}

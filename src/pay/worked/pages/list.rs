//! `/worked`: what waits for a practice to sign off, by week; what a clinician has worked.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{state_of, when_of};
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::pay::worked::store::works::{SignedOff, Work, list_waiting_works, list_works_of_clinician};
use crate::people::clinician::actions::find_own;
use crate::terms::bank::calendar::{local_date, monday_of};

/// What follows `/worked?`.
#[derive(Debug, Deserialize)]
pub struct WorkedQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "pay/worked/pages/waiting.html")]
struct WaitingPage {
    page: PageFrame,
    weeks: Vec<Week>,
    pages: Pagination,
}

/// What waits of one week.
struct Week {
    span: String,
    /// Where the week is signed off at once.
    href: String,
    /// Whether some of it can be.
    can_be_signed: bool,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    when: String,
    who: String,
    practice: String,
    pay: String,
    /// How it can be signed off with one press: the booking's own address; "" where it cannot.
    at_once: String,
    state: Tag,
}

fn line(work: &Work) -> Line {
    let href = format!("/bookings/{}/worked", work.id);
    let can_be = work.newest().is_none() && !work.is_said_otherwise();
    let worth =
        work.newest().map_or_else(|| work.as_booked().worth(work.rate_pence_per_hour), SignedOff::worth);
    Line {
        at_once: if can_be { format!("{href}/sign-off") } else { String::new() },
        href,
        when: when_of(work),
        who: format!("{}, {}", work.clinician_name, words::in_sentence(&work.role_name)),
        practice: work.practice_name.clone(),
        pay: words::pounds(worth.total()),
        state: state_of(work),
    }
}

fn week(monday: NaiveDate, works: &[&Work]) -> Week {
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let lines: Vec<Line> = works.iter().map(|work| line(work)).collect();
    Week {
        span: words::date_span(monday, sunday),
        href: format!("/worked/week?of={monday}"),
        can_be_signed: lines.iter().any(|line| !line.at_once.is_empty()),
        lines,
    }
}

#[derive(Template)]
#[template(path = "pay/worked/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    lines: Vec<OwnLine>,
    pages: Pagination,
}

struct OwnLine {
    href: String,
    when: String,
    practice: String,
    pay: String,
    state: Tag,
}

fn own_line(work: &Work) -> OwnLine {
    let pay = work.newest().map(|newest| words::pounds(newest.worth().total()));
    OwnLine {
        href: format!("/bookings/{}/worked", work.id),
        when: when_of(work),
        practice: work.practice_name.clone(),
        pay: pay.unwrap_or_default(),
        state: state_of(work),
    }
}

/// `GET /worked`.
pub async fn worked_page(
    who: Admitted,
    query: web::Query<WorkedQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (membership, zone) = (who.membership, who.time_zone);
    let is_practice = who.kind == PersonKind::PracticeManager;
    let tx = &mut app.db.look(&who).await?;
    let own = if is_practice { None } else { Some(find_own(tx).await?) };
    let read = async |span: Span| match own {
        None => list_waiting_works(tx, membership, (span.limit, span.offset)).await,
        Some(own) => list_works_of_clinician(tx, own, (span.limit, span.offset)).await,
    };
    let (works, shown) = query.page.read(read, |work| work.total).await?;
    let pages = shown.links(|number| format!("/worked?page={number}"));
    let frame = who.frame(&request);
    if !is_practice {
        return page(&OwnPage { page: frame, lines: works.iter().map(own_line).collect(), pages });
    }
    page(&WaitingPage { page: frame, weeks: by_week(&works, zone), pages })
}

/// What waits, by week, in order.
fn by_week(works: &[Work], zone: Tz) -> Vec<Week> {
    let mut weeks: Vec<(NaiveDate, Vec<&Work>)> = Vec::new();
    for work in works {
        let monday = monday_of(local_date(zone, work.starts_at));
        match weeks.last_mut() {
            Some((known, of_week)) if *known == monday => of_week.push(work),
            _ => weeks.push((monday, vec![work])),
        }
    }
    weeks.iter().map(|(monday, works)| week(*monday, works)).collect()
}

//! Bookings that stand although something on which they rested has changed: an administrator looks at each, and settles it
//! with both sides or cancels it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::work::booking::store::reliance::{FlagRow, list_flags};

/// What follows `/bookings-to-look-at?`.
#[derive(Debug, Deserialize)]
pub struct FlaggedQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/booking/pages/flagged.html")]
struct FlaggedPage {
    page: PageFrame,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    when: String,
    practice: String,
    clinician: String,
    clinician_href: String,
    sentence: String,
    next_step: String,
    since: String,
    cancel_href: String,
}

fn line(row: FlagRow, now: DateTime<Utc>) -> Line {
    Line {
        when: when(&row),
        clinician_href: format!("/clinicians/{}", row.clinician_id),
        since: words::when(row.since, now),
        cancel_href: format!("/rota/bookings/{}/cancel", row.booking_id),
        practice: row.practice,
        clinician: row.clinician,
        sentence: row.sentence,
        next_step: row.next_step,
    }
}

fn when(row: &FlagRow) -> String {
    let date = words::short_date(words::london_date(row.starts_at));
    format!("{date}, {}", words::time_span(row.starts_at, row.ends_at))
}

/// `GET /bookings-to-look-at`.
pub async fn list(
    who: Admitted,
    query: web::Query<FlaggedQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_flags(tx, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    page(&FlaggedPage {
        page: who.frame(&request),
        lines: rows.into_iter().map(|row| line(row, now)).collect(),
        pages: shown.links(|number| format!("/bookings-to-look-at?page={number}")),
    })
}

//! `/requests`: what clinicians ask of a member's practices, waiting for an answer.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::work::request::store::lists::{RequestLine, list_waiting_for};

/// What follows `/requests?`.
#[derive(Debug, Deserialize)]
pub struct RequestsQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/request/pages/practice.html")]
struct RequestsPage {
    page: PageFrame,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    href: String,
    date: String,
    times: String,
    practice: String,
    clinician: String,
    role: String,
    asked: String,
}

/// `GET /requests`.
pub async fn requests_page(
    who: Admitted,
    query: web::Query<RequestsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (membership, now) = (who.membership, app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_waiting_for(tx, membership, None, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let line = |row: &RequestLine| Line {
        href: format!("/requests/{}", row.id),
        date: words::short_date(words::london_date(row.starts_at)),
        times: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice_name.clone(),
        clinician: row.clinician_name.clone(),
        role: row.role_name.clone(),
        asked: words::when(row.requested_at, now),
    };
    page(&RequestsPage {
        page: who.frame(&request),
        lines: rows.iter().map(line).collect(),
        pages: shown.links(|number| format!("/requests?page={number}")),
    })
}

//! `/feedback`: how bookings went, for the bank.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::form_fields::Typed;
use crate::ground::web::components::{Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::work::booking::Side;
use crate::work::feedback::Went;
use crate::work::feedback::store::{self, list_feedback};

/// What follows `/feedback?`.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// `badly` for what went badly alone.
    #[serde(default)]
    only: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/feedback/pages/list.html")]
struct FeedbackPage {
    page: PageFrame,
    only_bad: bool,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    said: String,
    by: String,
    went: Tag,
    words: String,
    clinician: String,
    clinician_href: String,
    practice: String,
    session: String,
}

fn line(row: store::Line, now: DateTime<Utc>) -> Line {
    let colour = match row.went {
        Went::VeryWell | Went::Well => TagColour::Green,
        Went::Badly | Went::VeryBadly => TagColour::Red,
    };
    let again = match (row.side, row.would_again) {
        (_, true) => "",
        (Side::Practice, false) => "Would not have them again. ",
        (_, false) => "Would not work there again. ",
    };
    Line {
        said: words::capitalised(&words::when(row.given_at, now)),
        by: words::capitalised(row.side.text()),
        went: Tag::new(row.went.text(), colour),
        words: format!("{again}{}", row.words),
        clinician_href: format!("/clinicians/{}", row.clinician_id),
        clinician: row.clinician_name,
        practice: row.practice_name,
        session: words::short_date(words::london_date(row.starts_at)),
    }
}

/// `GET /feedback`.
pub async fn list_page(
    who: Admitted,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (only_bad, now) = (query.only.trim() == "badly", app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_feedback(tx, only_bad, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let only = if only_bad { "only=badly&" } else { "" };
    page(&FeedbackPage {
        page: who.frame(&request),
        only_bad,
        lines: rows.into_iter().map(|row| line(row, now)).collect(),
        pages: shown.links(|number| format!("/feedback?{only}page={number}")),
    })
}

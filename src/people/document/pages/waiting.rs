//! `/documents-to-look-at`: what clinicians have handed in and nobody has looked at, the oldest first.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::line::DocumentLine;
use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::AskedPage;
use crate::people::document::Document;
use crate::people::document::store::{count_waiting, list_waiting};

/// What follows `/documents-to-look-at?`.
#[derive(Debug, Deserialize)]
pub struct WaitingQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "people/document/pages/waiting.html")]
struct WaitingPage {
    page: PageFrame,
    lines: Vec<WaitingLine>,
    pages: Pagination,
}

struct WaitingLine {
    person: String,
    href: String,
    line: DocumentLine,
}

/// `GET /documents-to-look-at`.
pub async fn waiting(
    who: Admitted,
    query: web::Query<WaitingQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let shown = query.page.of(count_waiting(tx).await?);
    let found = list_waiting(tx, shown.span().limit, shown.span().offset).await?;
    let line = |it: &Document| {
        let href = format!("/clinicians/{}/documents/{}", it.clinician, it.id);
        WaitingLine { person: it.clinician_name.clone(), line: DocumentLine::of(it, &href, now), href }
    };
    page(&WaitingPage {
        page: who.frame(&request),
        lines: found.iter().map(line).collect(),
        pages: shown.links(|number| format!("/documents-to-look-at?page={number}")),
    })
}

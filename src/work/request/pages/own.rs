//! `/my-requests`: what a clinician has asked for, and what became of it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::tag_of;
use crate::ground::id::RequestId;
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::work::booking::pages::answered;
use crate::work::request::RequestState;
use crate::work::request::actions::withdraw_request;
use crate::work::request::store::lists::{RequestLine, list_of_clinician};

/// What follows `/my-requests?`.
#[derive(Debug, Deserialize)]
pub struct OwnQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/request/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    waiting: Vec<Line>,
    settled: Vec<Line>,
    pages: Pagination,
}

struct Line {
    id: RequestId,
    href: String,
    date: String,
    times: String,
    practice: String,
    state: Tag,
    why: String,
}

fn line(row: &RequestLine) -> Line {
    let state = row.state();
    Line {
        id: row.id,
        href: match &state {
            RequestState::Accepted(booking) => format!("/bookings/{booking}"),
            _ => format!("/find-sessions/{}", row.session_id),
        },
        date: words::short_date(words::london_date(row.starts_at)),
        times: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice_name.clone(),
        state: tag_of(&state),
        why: match state {
            RequestState::Declined(reason) => format!("{reason}."),
            RequestState::Ended(reason) => reason,
            RequestState::Waiting | RequestState::Accepted(_) | RequestState::Withdrawn => String::new(),
        },
    }
}

/// `GET /my-requests`.
pub async fn own_requests_page(
    who: Admitted,
    query: web::Query<OwnQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let own = find_own(tx).await?;
    let read = async |span: Span| list_of_clinician(tx, own, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let (waiting, settled): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row.state() == RequestState::Waiting);
    page(&OwnPage {
        page: who.frame(&request),
        waiting: waiting.into_iter().map(line).collect(),
        settled: settled.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/my-requests?page={number}")),
    })
}

const TAKEN_BACK: &str = "You took your request back.";

/// `POST /my-requests/{id}/withdraw`: takes a request back.
pub async fn withdraw(
    AdmittedForm { who, form: _ }: AdmittedForm,
    id: web::Path<RequestId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let stands = app.db.change(&who, async |tx| withdraw_request(tx, id).await).await;
    Ok(match stands.map_err(|error| answered(error, app.clock.now()))? {
        RequestState::Accepted(booking) => see_told(
            &format!("/bookings/{booking}"),
            "The practice has accepted your request meanwhile, so you are booked. If you can’t work the session, cancel the booking.",
        ),
        RequestState::Waiting | RequestState::Withdrawn => see_told("/my-requests", TAKEN_BACK),
        RequestState::Declined(_) | RequestState::Ended(_) => {
            see_told("/my-requests", "The request was settled before you took it back. It is listed below.")
        }
    })
}

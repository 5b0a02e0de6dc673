//! `/requests`: what clinicians ask of a member's practices and what rounds propose, waiting for an answer.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::eligibility::words::Audience;
use crate::ground::id::RequestId;
use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::pages::answered_to;
use crate::work::request::actions::{Answered, answer_request};
use crate::work::request::store::lists::{RequestLine, list_waiting_for};
use crate::work::request::{Answer, RequestState};

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
    /// What rounds propose, to be confirmed, and by when the first of it.
    proposed: Vec<Line>,
    confirm_by: String,
    /// What waits for an answer.
    waiting: Vec<Line>,
    /// What gathers in a round.
    gathering: Vec<Line>,
    pages: Pagination,
}

struct Line {
    id: RequestId,
    href: String,
    date: String,
    times: String,
    practice: String,
    clinician: String,
    role: String,
    asked: String,
    /// Why the round proposes them, and by when that is confirmed; or when the round closes.
    round: String,
}

fn line(row: &RequestLine, now: DateTime<Utc>) -> Line {
    Line {
        id: row.id,
        href: format!("/requests/{}", row.id),
        date: words::short_date(words::london_date(row.starts_at)),
        times: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice_name.clone(),
        clinician: row.clinician_name.clone(),
        role: row.role_name.clone(),
        asked: words::when(row.requested_at, now),
        round: round_of(row),
    }
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
    let those = |is: &dyn Fn(&RequestLine) -> bool| {
        rows.iter().filter(|row| is(row)).map(|row| line(row, now)).collect()
    };
    let is_proposed = |row: &RequestLine| row.state() == RequestState::Proposed;
    page(&RequestsPage {
        page: who.frame(&request),
        proposed: those(&is_proposed),
        confirm_by: first_deadline(&rows, now),
        waiting: those(&|row| !is_proposed(row) && row.round_id.is_none()),
        gathering: those(&|row| !is_proposed(row) && row.round_id.is_some()),
        pages: shown.links(|number| format!("/requests?page={number}")),
    })
}

/// By when the first of what rounds propose is to be confirmed; empty where nothing is.
fn first_deadline(rows: &[RequestLine], now: DateTime<Utc>) -> String {
    let proposed = rows.iter().filter(|row| row.state() == RequestState::Proposed);
    let first = proposed.filter_map(|row| row.confirm_by).min();
    first.map(|by| words::deadline(by, now)).unwrap_or_default()
}

/// In a list, what a round has to do with a request.
fn round_of(row: &RequestLine) -> String {
    match (row.asked_by, row.turn) {
        (Some(1), Some(_)) => format!("Nobody else asked. Their choice {}", row.choice),
        (Some(asked), Some(turn)) => {
            let people = words::capitalised(&words::count(asked.into(), "person", "people"));
            format!("{people} asked. Their choice {}, their turn {turn}", row.choice)
        }
        _ => row.closes_at.map(words::moment).unwrap_or_default(),
    }
}

/// `POST /requests/confirm`: confirms what rounds propose, as much of it as is ticked and can still be done.
pub async fn confirm(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (desk, now) = (Desk::of(app), app.clock.now());
    let chosen: Vec<RequestId> = form.all("request").iter().filter_map(|id| id.parse().ok()).collect();
    if chosen.is_empty() {
        return Ok(see_told("/requests", "Tick whom you want to confirm."));
    }
    let (mut booked, mut refused) = (0, Vec::new());
    for id in chosen {
        let done = app.db.change(&who, async |tx| answer_request(tx, &desk, id, Answer::Accept).await).await;
        match done {
            Ok(Answered::Booked(_)) => booked += 1,
            Ok(Answered::Declined | Answered::Stands(_)) => {}
            Err(DeskError::Refused(refusal)) => refused.push(refusal.sentence(Audience::Practice, now)),
            Err(other) => return Err(answered_to(Audience::Practice, other, now)),
        }
    }
    Ok(see_told("/requests", confirmed_words(booked, &refused)))
}

/// What came of confirming several: "3 people are booked. 1 could not be: …".
fn confirmed_words(booked: i64, refused: &[String]) -> String {
    let done = words::capitalised(&words::count(booked, "person is booked", "people are booked"));
    match refused {
        [] => format!("{done}. Both of you get an email."),
        some => {
            let many = i64::try_from(some.len()).unwrap_or(i64::MAX);
            format!("{done}. {} could not be: {}.", words::number(many), some.join("; "))
        }
    }
}

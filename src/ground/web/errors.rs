//! What the edge answers when something can't be done: a page, or an RFC 9457 problem for programs.
//!
//! Handlers give an [`AppError`]; [`answer_errors`] turns it into words, so that no internal text reaches a person.

use std::error::Error as StdError;
use std::fmt;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use serde::Serialize;

use super::components::Link;
use super::frame::PageFrame;
use super::guard::{app_of, find_signed_in, visitor_frame};
use crate::ground::app::route::Route;
use crate::ground::db::DbError;
use crate::ground::facts::FactError;
use crate::ground::not_done::NotDone;
use crate::ground::sign_in::SignedIn;

/// Why a request was not served.
#[derive(Debug)]
pub enum AppError {
    /// There is no such record, or it belongs to somebody else: the two look the same.
    NotFound,
    /// The person has to sign in first.
    SignInNeeded,
    /// The page is for the person in another of their memberships; where they switch to it.
    Elsewhere(String),
    /// The request did not come from a form of ours.
    ForeignForm,
    /// The request can't be understood.
    BadRequest(String),
    /// What was asked conflicts with what has happened since.
    Conflict {
        /// What happened, in a sentence.
        title: String,
        /// What to do next.
        advice: String,
    },
    /// Too many tries.
    TooMany,
    /// The database can't be reached for the moment.
    Unavailable,
    /// Something of ours failed. The log has the story.
    Internal(&'static str, Box<dyn StdError + Send + Sync>),
}

impl AppError {
    /// Something of ours failed while `doing`.
    pub fn internal(doing: &'static str, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(doing, error.into())
    }

    /// What was asked conflicts with what has happened since.
    pub fn conflict(title: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Conflict { title: title.into(), advice: advice.into() }
    }

    fn words(&self) -> Words {
        let (title, advice): (&str, &str) = match self {
            Self::NotFound => (
                "Page not found",
                "If you typed the web address, check it is correct. If you followed a link, it may have ended, or you may need to sign in as somebody else.",
            ),
            Self::SignInNeeded => (
                "Sign in to continue",
                "You may have been signed out because you were away for a while. Sign in and try again.",
            ),
            Self::Elsewhere(_) => ("This page is for something else that you do", "Switch to see it."),
            Self::ForeignForm => (
                "This form has gone stale",
                "Go back, reload the page and send the form again. Nothing has been changed.",
            ),
            Self::BadRequest(advice) => ("We could not read that request", advice),
            Self::Conflict { title, advice } => (title, advice),
            Self::TooMany => ("Too many tries", "Wait 15 minutes and try again."),
            Self::Unavailable => (
                "Sorry, the service is unavailable for the moment",
                "Try again in a minute. If you were sending a form, look first whether it was taken.",
            ),
            Self::Internal(..) => {
                ("Sorry, there is a problem with the service", "Nothing has been changed. Try again later.")
            }
        };
        Words { status: self.status_code(), title: title.to_owned(), advice: advice.to_owned() }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().title)
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        if error.is_unavailable() {
            Self::Unavailable
        } else {
            Self::Internal("using the database", Box::new(error))
        }
    }
}

impl From<FactError> for AppError {
    fn from(error: FactError) -> Self {
        match error {
            FactError::Refused { title, advice } => Self::conflict(title, advice),
            FactError::AskFirst(_) => Self::conflict(
                "More falls with this than you were shown",
                "Nothing has been changed. Go back and look again.",
            ),
            FactError::NotFound => Self::NotFound,
            FactError::Database(error) => error.into(),
            FactError::Failed(error) => Self::Internal("ending what relied on a fact", error),
        }
    }
}

impl From<NotDone> for AppError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotFound => Self::NotFound,
            NotDone::Database(error) => error.into(),
        }
    }
}

impl StdError for AppError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Internal(_, error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInNeeded => StatusCode::UNAUTHORIZED,
            Self::Elsewhere(_) => StatusCode::SEE_OTHER,
            Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(..) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Internal(doing, error) = self {
            tracing::error!(doing, error = chain(error.as_ref()), "a request failed");
        }
        if let Self::Elsewhere(location) = self {
            return super::see_other(location);
        }
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.words());
        response
    }
}

/// An error and everything beneath it, in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// What to say of an error.
#[derive(Debug, Clone)]
struct Words {
    status: StatusCode,
    title: String,
    advice: String,
}

#[derive(Template)]
#[template(path = "ground/web/problem.html")]
struct ProblemPage {
    page: PageFrame,
    heading: String,
    sentences: Vec<String>,
    next: Option<Link>,
    reference: Option<String>,
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

/// Middleware: gives error answers their words, as a page for browsers and as `application/problem+json` otherwise.
/// A visitor's GET of a page for signed-in people leads to the sign-in page and back.
pub async fn answer_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // The request is taken from the answer: a second hold on it while it is routed makes actix-web panic.
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let words = response.response().extensions().get::<Words>().cloned();
    let has_words = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        ["text/html", "application/json"].iter().any(|own| kind.as_bytes().starts_with(own.as_bytes()))
    });
    if words.is_none() && has_words {
        return Ok(response);
    }
    let words = words.unwrap_or_else(|| plain_words(status));
    if words.status.is_client_error() {
        know_who_asks(response.request()).await;
    }
    let headers = response.headers().clone();
    let mut answer = answer(response.request(), &words);
    for (name, value) in &headers {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(response.into_response(answer))
}

/// Finds out who is signed in where an error came before that was asked, so that the page has their frame: an address
/// that makes no sense looks like one of a record that is not there.
async fn know_who_asks(request: &HttpRequest) {
    let is_known = request.extensions().contains::<SignedIn>();
    if !is_known && let Err(error) = find_signed_in(request).await {
        tracing::debug!(error = %error, "nobody knows who asked for a page that failed");
    }
}

fn answer(request: &HttpRequest, words: &Words) -> HttpResponse {
    if words.status == StatusCode::UNAUTHORIZED && request.method().is_safe() && wants_page(request) {
        let back = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let query = serde_html_form::to_string([("next", back)]).unwrap_or_default();
        return HttpResponse::SeeOther()
            .insert_header((header::LOCATION, format!("/sign-in?{query}")))
            .finish();
    }
    if wants_page(request) {
        let page = ProblemPage {
            page: visitor_frame(request),
            heading: words.title.clone(),
            sentences: vec![words.advice.clone()],
            next: Some(next_page(request, words.status)),
            reference: None,
        };
        let html = page.render().unwrap_or_else(|_failed| words.title.clone());
        return HttpResponse::build(words.status).content_type("text/html; charset=utf-8").body(html);
    }
    let problem = Problem {
        kind: "about:blank",
        title: &words.title,
        status: words.status.as_u16(),
        detail: &words.advice,
    };
    HttpResponse::build(words.status).content_type("application/problem+json").json(problem)
}

/// Where the page leads: what has changed meanwhile is seen on its own page, anything else begins again at the first.
fn next_page(request: &HttpRequest, status: StatusCode) -> Link {
    let changed = request.match_pattern().filter(|_| status == StatusCode::CONFLICT);
    let routes = app_of(request).map_or(&[][..], |app| app.site.routes);
    match changed.and_then(|pattern| page_of_record(routes, &pattern, request.path())) {
        Some(href) => Link::new("See how it stands now", href),
        None => Link::new("Go to your first page", "/"),
    }
}

/// The address of the page of the record that a `path` of this `pattern` names last, or where it has none of its own,
/// of the list it stands in: `/sessions/7` for `/sessions/7/change`.
fn page_of_record(routes: &[Route], pattern: &str, path: &str) -> Option<String> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let named = parts.iter().rposition(|part| part.starts_with('{'))?;
    let is_page = |route: &Route, pattern: &str| route.method == "GET" && route.path == pattern;
    let length = (2..=named + 1).rev().find(|length| {
        parts.get(..*length).is_some_and(|parts| routes.iter().any(|route| is_page(route, &parts.join("/"))))
    })?;
    Some(path.split('/').take(length).collect::<Vec<_>>().join("/"))
}

fn wants_page(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Words for answers that came without any: actix's own refusals of a path, a method, a body.
fn plain_words(status: StatusCode) -> Words {
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let title = "There is no page at this address".to_owned();
        let advice =
            "A form is sent there. Go back and use its button, or begin again. Nothing has been changed.";
        return Words { status, title, advice: advice.to_owned() };
    }
    let error = match status {
        StatusCode::NOT_FOUND => AppError::NotFound,
        StatusCode::SERVICE_UNAVAILABLE => AppError::Unavailable,
        status if status.is_server_error() => AppError::internal("answering", "an answer without words"),
        _ => AppError::BadRequest("Go back, check what you entered and try again.".to_owned()),
    };
    Words { status, ..error.words() }
}

#[cfg(test)]
mod tests {
    use super::page_of_record;
    use crate::ground::app::route::Who;
    use crate::site::routes::ROUTES;

    #[test]
    fn what_has_changed_is_seen_on_its_own_page() {
        let at = |pattern, path| page_of_record(ROUTES, pattern, path);
        assert_eq!(at("/sessions/{id}/change", "/sessions/7/change").as_deref(), Some("/sessions/7"));
        assert_eq!(at("/offers/{id}", "/offers/7").as_deref(), Some("/offers/7"));
        assert_eq!(at("/system/jobs/{job}/again", "/system/jobs/7/again").as_deref(), Some("/system"));
        assert_eq!(at("/availability/week", "/availability/week"), None);
    }

    #[test]
    fn whoever_may_send_a_form_may_see_the_page_it_leads_to() {
        let mut led = 0;
        for sent in ROUTES.iter().filter(|route| route.method == "POST") {
            let Some(page) = page_of_record(ROUTES, sent.path, sent.path) else { continue };
            let page = ROUTES.iter().find(|route| route.method == "GET" && route.path == page).unwrap();
            let is_seen = match (sent.who, page.who) {
                (_, Who::Everybody) => true,
                (Who::May(sending), Who::May(reading)) => {
                    sending.kinds().iter().all(|kind| reading.kinds().contains(kind))
                }
                (sender, reader) => sender == reader,
            };
            assert!(is_seen, "{} leads to {}", sent.path, page.path);
            led += 1;
        }
        assert!(led > 10, "only {led} forms lead anywhere");
    }
}

//! Changing when a session is, on its day, by agreement with those who are booked.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::detail::{self, Known};
use super::post::which_choices;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::words::Audience;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::SessionId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::work::booking::actions::change::ChangeError;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::pages::answered;
use crate::work::booking::refusal::Refusal;
use crate::work::session::SessionTimes;
use crate::work::session::actions::change;
use crate::work::session::forms::{self, TimeField};

#[derive(Template)]
#[template(path = "work/session/pages/time.html")]
struct TimePage {
    page: PageFrame,
    known: Known,
    why_it_stands: String,
    booked: String,
    agreed_label: String,
    /// Empty where the clocks repeat neither start nor end.
    which_choices: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<TimeField>,
}

impl TimePage {
    fn new(
        page: PageFrame,
        known: Known,
        raw: RawForm,
        errors: FieldErrors<TimeField>,
        now: DateTime<Utc>,
    ) -> Self {
        let booked = words::list(&names(&known));
        let verb = if known.booked.len() == 1 { "has" } else { "have" };
        Self {
            page,
            why_it_stands: why_it_stands(&known, now),
            agreed_label: format!("{booked} {verb} agreed to the new time"),
            which_choices: if raw.get("which").is_empty() && errors.of("which").is_empty() {
                Vec::new()
            } else {
                which_choices(&raw)
            },
            booked,
            raw,
            errors,
            known,
        }
    }
}

fn names(known: &Known) -> Vec<&str> {
    known.booked.iter().map(|row| row.name.as_str()).collect()
}

/// Why the time can't be changed now; empty where it can.
fn why_it_stands(known: &Known, now: DateTime<Utc>) -> String {
    let until = known.offered.as_ref().and_then(|offered| offered.next_answer_by);
    until.map_or_else(String::new, |by| {
        format!(
            "An offer is out for this time until {}. You can change the time when it is answered.",
            words::deadline(by, now)
        )
    })
}

/// `GET /sessions/{id}/time`: the form.
pub async fn time_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = detail::load(app, &who, *id).await?;
    if !known.session.is_wanted_at(now) {
        return Ok(see_other(&format!("/sessions/{id}")));
    }
    let frame = who.frame(&request);
    let raw = forms::time_filled_in(&known.session);
    page(&TimePage::new(frame, known, raw, FieldErrors::none(), now))
}

/// `POST /sessions/{id}/time`: changes the hours, and tells those who are booked, in one transaction.
pub async fn change_time(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = detail::load(app, &who, *id).await?;
    if !known.session.is_wanted_at(now) {
        return Err(moved_on());
    }
    let frame = who.frame(&request);
    let times = match forms::parse_time(&form, &known.session, &names(&known), &known.catalogue, now) {
        Ok(times) => times,
        Err(errors) => return page_with_errors(&TimePage::new(frame, known, form, errors, now)),
    };
    let (session, desk, expects_booked) = (known.session.asked.id, Desk::of(app), !known.booked.is_empty());
    let terms = (&times, expects_booked);
    let moved = app.db.change(&who, async |tx| change::change_time(tx, &desk, session, terms).await);
    match moved.await {
        Ok(()) => Ok(see_told(&known.href(), said_of_change(&known))),
        Err(ChangeError::Hinders(name, obstacle)) => {
            let errors = FieldErrors::one(TimeField::Start, why_not(&name, &obstacle, &times, now));
            page_with_errors(&TimePage::new(frame, known, form, errors, now))
        }
        Err(ChangeError::Desk(DeskError::Refused(Refusal::JustChanged))) => Err(moved_on()),
        Err(ChangeError::Desk(error)) => Err(answered(error, now)),
    }
}

fn said_of_change(known: &Known) -> &'static str {
    if known.booked.is_empty() {
        "The time is changed"
    } else {
        "The time is changed, and whoever is booked is told by email"
    }
}

fn moved_on() -> AppError {
    AppError::conflict(
        "The session has moved on",
        "Somebody was offered it or booked meanwhile, or it has begun or was withdrawn. Go back to the session to see.",
    )
}

/// What stands in the way, for the practice: that somebody is booked elsewhere, not where.
fn why_not(name: &str, obstacle: &Obstacle, times: &SessionTimes, now: DateTime<Utc>) -> String {
    let why = obstacle.sentence(Audience::Practice, now);
    format!("{name} can’t work {}: {why}. Choose another time", times.span_text())
}

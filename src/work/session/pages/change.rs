//! Changing what a session pays, while nobody has agreed to it, and what its notes say. Whoever is booked is told.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::detail::{self, Known};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::SessionId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::terms::rate::{self, RateTable};
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::pages::answered;
use crate::work::booking::refusal::Refusal;
use crate::work::session::Terms;
use crate::work::session::actions::change::change_terms;
use crate::work::session::forms::posting;
use crate::work::session::forms::{self, ChangeField};
use crate::work::stage::is_open_to_all;

#[derive(Template)]
#[template(path = "work/session/pages/change.html")]
struct ChangePage {
    page: PageFrame,
    known: Known,
    why_rate_stands: String,
    booked: String,
    ranges: Vec<String>,
    raw: RawForm,
    errors: FieldErrors<ChangeField>,
}

/// Why the rate can't be changed now; empty where it can.
fn why_rate_stands(known: &Known, now: DateTime<Utc>) -> String {
    if !is_open_to_all(&known.stages, now) {
        return "The rate stays the same until the session is open to everybody. Open it to everybody first."
            .to_owned();
    }
    if !known.booked.is_empty() {
        return "Somebody is booked at an agreed rate, so the rate stays as it is.".to_owned();
    }
    match known.offered.as_ref().and_then(|offered| offered.next_answer_by) {
        Some(by) => format!(
            "An offer is out at this rate until {}. You can change the rate when it is answered.",
            words::deadline(by, now)
        ),
        None => String::new(),
    }
}

/// The commissioner's ranges for a session.
fn ranges<'a>(known: &Known, rates: &'a RateTable) -> Vec<&'a rate::RateRange> {
    let session = &known.session;
    let range = |role: &String| rates.in_force(role, session.asked.band, session.asked.times.local_date);
    session.asked.roles.iter().filter_map(range).collect()
}

async fn load_rates(app: &App, who: &Admitted) -> Result<RateTable, AppError> {
    Ok(rate::store::load_rate_table(&mut app.db.look(who).await?).await?)
}

/// The commissioner's ranges for a session, in words.
fn ranges_in_words(known: &Known, rates: &RateTable) -> Vec<String> {
    ranges(known, rates).into_iter().map(|range| posting::named(range, &known.catalogue)).collect()
}

fn change_form(
    frame: PageFrame,
    known: Known,
    rates: &RateTable,
    raw: RawForm,
    errors: FieldErrors<ChangeField>,
    now: DateTime<Utc>,
) -> ChangePage {
    ChangePage {
        page: frame,
        why_rate_stands: why_rate_stands(&known, now),
        booked: words::list(&known.booked.iter().map(|row| row.name.as_str()).collect::<Vec<_>>()),
        ranges: ranges_in_words(&known, rates),
        known,
        raw,
        errors,
    }
}

/// `GET /sessions/{id}/change`: the form.
pub async fn change_page(
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
    let rates = load_rates(app, &who).await?;
    let frame = who.frame(&request);
    let raw = forms::filled_in(&known.session);
    page(&change_form(frame, known, &rates, raw, FieldErrors::none(), now))
}

/// `POST /sessions/{id}/change`: changes notes, and the rate where nobody is booked and no offer is out.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = detail::load(app, &who, *id).await?;
    if !known.session.is_wanted_at(now) {
        let title = "This session can no longer be changed";
        return Err(AppError::conflict(title, "It has begun or was withdrawn."));
    }
    let rates = load_rates(app, &who).await?;
    let terms = match read_terms(&form, &known, &rates, now)? {
        Ok(terms) => terms,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&change_form(frame, known, &rates, form, errors, now));
        }
    };
    let (session, desk) = (known.session.asked.id, Desk::of(app));
    let changed = app.db.change(&who, async |tx| change_terms(tx, &desk, session, &terms).await);
    match changed.await {
        Ok(()) => Ok(see_told(&format!("/sessions/{session}"), "The session is changed")),
        Err(DeskError::Refused(Refusal::JustChanged)) => Err(moved_on()),
        Err(error) => Err(answered(error, now)),
    }
}

/// What the form asks for, or what is to be mended in it. Another rate, while the rate stands, is answered by a page of
/// its own.
fn read_terms(
    form: &RawForm,
    known: &Known,
    rates: &RateTable,
    now: DateTime<Utc>,
) -> Result<Result<Terms, FieldErrors<ChangeField>>, AppError> {
    let why = why_rate_stands(known, now);
    let stands = !why.is_empty();
    if stands && forms::asks_another_rate(form, &known.session) {
        let advice = format!("{why} Nothing was changed: go back to change the notes alone.");
        return Err(AppError::conflict("The rate can’t be changed now", advice));
    }
    let allowed: Vec<(&rate::RateRange, String)> =
        ranges(known, rates).into_iter().zip(ranges_in_words(known, rates)).collect();
    Ok(forms::parse_change(form, (&known.session, &known.catalogue), stands, &allowed))
}

fn moved_on() -> AppError {
    AppError::conflict(
        "The session has moved on",
        "Somebody was offered it or booked meanwhile, or it was withdrawn. Go back to the session to see.",
    )
}

//! `/bookings/{id}/worked`: what was worked for one booking, as both sides say it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::{extras_in_words, hours_in_words, state_of, when_of};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::BookingId;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::pay::worked::actions::query::{answer, ask_about};
use crate::pay::worked::actions::say::say_worked;
use crate::pay::worked::actions::sign_off::sign_off;
use crate::pay::worked::forms::{WorkField, extra_field, filled_in, parse_said, parse_sign_off, parse_words};
use crate::pay::worked::store::works::{Query, SignedOff, Work, find_own_work};
use crate::people::practice::extras;

#[derive(Template)]
#[template(path = "pay/worked/pages/one.html")]
struct WorkPage {
    page: PageFrame,
    path: String,
    when: String,
    is_practice: bool,
    is_over: bool,
    who: String,
    practice: String,
    state: Tag,
    booked: String,
    agreed: String,
    /// What the clinician says: hours, extras, and what they add.
    said: Option<(String, String, String)>,
    /// The sign-offs, the newest first.
    signed: Vec<Signed>,
    queries: Vec<Query>,
    is_asked: bool,
    version: i32,
    /// What it comes to as booked.
    as_booked: String,
    outcomes: Vec<Choice>,
    /// The fields for extras: name, label, hint, value.
    extra_fields: Vec<(String, String, String, String)>,
    raw: RawForm,
    errors: FieldErrors<WorkField>,
}

/// A sign-off in words.
struct Signed {
    what: String,
    extras: String,
    pay: String,
    reason: String,
    by: String,
}

fn signed_in_words(signed: &SignedOff, now: DateTime<Utc>) -> Signed {
    let by = signed.by.clone().unwrap_or_else(|| "Somebody who has left".to_owned());
    Signed {
        what: signed.hours.map_or_else(|| "Did not attend".to_owned(), hours_in_words),
        extras: extras_in_words(&signed.extras),
        pay: words::pounds(signed.worth().total()),
        reason: signed.reason.clone(),
        by: format!("{by}, {}", words::when(signed.at, now)),
    }
}

/// What the form says before anybody has typed: what was signed off last, or what the clinician says, or what was booked.
fn beginning(work: &Work, is_practice: bool) -> RawForm {
    let signed = work.newest().and_then(|newest| Some((newest.hours?, newest.extras.as_slice(), "")));
    let said = work.said.as_ref().map(|said| (said.hours, said.extras.as_slice(), said.note.as_str()));
    let (hours, extras, note) = signed.or(said).unwrap_or((work.booked(), &[], ""));
    filled_in(work, hours, extras, (if is_practice { "reason" } else { "words" }, note))
}

fn outcomes(work: &Work, raw: &RawForm) -> Vec<Choice> {
    let chosen = match raw.get("outcome") {
        "" if work.newest().is_none() && work.is_said_otherwise() => "otherwise",
        chosen => chosen,
    };
    let booked = words::time_span(work.starts_at, work.ends_at);
    [
        ("booked", format!("As booked, {booked}")),
        ("otherwise", "Other times, a break or extras".to_owned()),
        ("absent", "They did not attend".to_owned()),
    ]
    .map(|(value, label)| Choice::new(value, label, value == chosen))
    .to_vec()
}

fn template(
    work: Work,
    (page, is_practice): (PageFrame, bool),
    now: DateTime<Utc>,
    raw: RawForm,
    errors: FieldErrors<WorkField>,
) -> WorkPage {
    let field = |place: usize| extra_field(place);
    let extra_fields = work.agreed.iter().enumerate().map(|(place, extra)| {
        let name = field(place);
        let value = raw.get(&name).to_owned();
        (name, extra.in_words(), extra.unit.counted().to_owned(), value)
    });
    WorkPage {
        page,
        path: format!("/bookings/{}/worked", work.id),
        when: when_of(&work),
        is_practice,
        is_over: work.is_over(now),
        who: format!("{}, {}", work.clinician_name, words::in_sentence(&work.role_name)),
        practice: work.practice_name.clone(),
        state: state_of(&work),
        booked: format!(
            "{}, {}",
            hours_in_words(work.booked()),
            words::rate_an_hour(work.rate_pence_per_hour.into())
        ),
        agreed: extras::in_words(&work.agreed),
        said: work
            .said
            .as_ref()
            .map(|said| (hours_in_words(said.hours), extras_in_words(&said.extras), said.note.clone())),
        signed: work.sign_offs.iter().map(|signed| signed_in_words(signed, now)).collect(),
        is_asked: work.open_query().is_some(),
        version: work.version(),
        as_booked: words::pounds(work.as_booked().worth(work.rate_pence_per_hour).total()),
        outcomes: outcomes(&work, &raw),
        extra_fields: extra_fields.collect(),
        queries: work.queries,
        raw,
        errors,
    }
}

async fn load(app: &App, who: &Admitted, id: BookingId) -> Result<Work, AppError> {
    let tx = &mut app.db.look(who).await?;
    find_own_work(tx, who.membership, id).await?.ok_or(AppError::NotFound)
}

/// The frame, and whether whoever looks is of the practice.
fn seen_by(who: &Admitted, request: &HttpRequest) -> (PageFrame, bool) {
    (who.frame(request), who.kind == PersonKind::PracticeManager)
}

/// `GET /bookings/{id}/worked`.
pub async fn work_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let work = load(app, &who, *id).await?;
    let raw = beginning(&work, who.kind == PersonKind::PracticeManager);
    page(&template(work, seen_by(&who, &request), app.clock.now(), raw, FieldErrors::none()))
}

/// `POST /bookings/{id}/worked/sign-off`.
pub async fn sign_one_off(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (work, now, letterhead) = (load(app, &who, id).await?, app.clock.now(), app.letterhead());
    let wanted = match parse_sign_off(&form, &work, now) {
        Ok(wanted) => [wanted],
        Err(errors) => {
            return page_with_errors(&template(work, seen_by(&who, &request), now, form, errors));
        }
    };
    let pence = app.db.change(&who, async |tx| sign_off(tx, &letterhead, &wanted).await).await?;
    let back =
        if form.get("from") == "list" { "/worked".to_owned() } else { format!("/bookings/{id}/worked") };
    Ok(see_told(&back, format!("Signed off: {}. {} is told.", words::pounds(pence), work.clinician_name)))
}

/// `POST /bookings/{id}/worked/answer`: the practice answers in words.
pub async fn answer_query(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (work, now, letterhead) = (load(app, &who, id).await?, app.clock.now(), app.letterhead());
    let said = match parse_words(&form, "answer") {
        Ok(said) => said,
        Err(errors) => {
            let raw = beginning(&work, true);
            return page_with_errors(&template(work, seen_by(&who, &request), now, raw, errors));
        }
    };
    app.db.change(&who, async |tx| answer(tx, &letterhead, id, &said).await).await?;
    Ok(see_told(&format!("/bookings/{id}/worked"), "Your answer is sent. The sign-off stays as it is."))
}

/// `POST /bookings/{id}/worked/said`: the clinician says what they worked.
pub async fn say(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (work, now) = (load(app, &who, id).await?, app.clock.now());
    let said = match parse_said(&form, &work, now) {
        Ok(said) => said,
        Err(errors) => {
            return page_with_errors(&template(work, seen_by(&who, &request), now, form, errors));
        }
    };
    let worked = (said.hours, said.extras.as_slice());
    app.db.change(&who, async |tx| say_worked(tx, id, worked, &said.note).await).await?;
    Ok(see_told(&format!("/bookings/{id}/worked"), "The practice sees it when it signs off."))
}

/// `POST /bookings/{id}/worked/query`: the clinician asks about the sign-off.
pub async fn ask(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (work, now, letterhead) = (load(app, &who, id).await?, app.clock.now(), app.letterhead());
    let question = match parse_words(&form, "question") {
        Ok(question) => question,
        Err(errors) => {
            return page_with_errors(&template(work, seen_by(&who, &request), now, form, errors));
        }
    };
    app.db.change(&who, async |tx| ask_about(tx, &letterhead, id, &question).await).await?;
    Ok(see_told(&format!("/bookings/{id}/worked"), "Your question is sent to the practice."))
}

//! Bookings as a practice and as a clinician sees them, and how one is cancelled.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::eligibility::facts::SessionFacts;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::BookingId;
use crate::ground::mail::CalendarMethod;
use crate::ground::sign_in::{PersonKind, SignedIn};
use crate::ground::web::components::{Choice, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::people::practice::extras::{self, Extra};
use crate::people::practice::guide::Guide;
use crate::people::practice::store::extras::list_extras_at;
use crate::people::practice::store::guide::find_guide;
use crate::work::booking::Side;
use crate::work::booking::actions::cancel::cancel_own_booking;
use crate::work::booking::calendar::{Entry, EntryStatus, render, uid};
use crate::work::booking::desk::Desk;
use crate::work::booking::fee::fallen_due;
use crate::work::booking::forms::{self, CancelField};
use crate::work::booking::messages::{SessionWords, pay_words};
use crate::work::booking::reason::Reason;
use crate::work::booking::store::bookings::find_booking;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::lists::{BookingLine, find_own_booking};

#[derive(Template)]
#[template(path = "work/booking/pages/booking.html")]
struct BookingPage {
    page: PageFrame,
    line: BookingLine,
    words: SessionWords,
    is_practice: bool,
    state: Tag,
    pay: String,
    made: String,
    cancelled: Option<(String, String)>,
    /// What cancelling costs the practice, or what fell due; "" where nothing ever does.
    fee: String,
    /// What the practice pays beside the rate, as it was when this was booked; "" where nothing.
    extras: String,
    /// What the practice has signed off; "" where it has not.
    signed: String,
    /// Whether it has ended, so that it is signed off or waits for that.
    is_worked: bool,
    can_be_cancelled: bool,
    cancel_href: String,
    /// What the practice says to those who come, with whom to ask for while the booking counts.
    guide: Vec<(&'static str, String)>,
    place_href: String,
}

/// Where a booking stands, in one or two words.
pub(crate) fn state_of(line: &BookingLine, now: DateTime<Utc>) -> Tag {
    match line.cancelled_at {
        Some(_) => Tag::new("Cancelled", TagColour::Red),
        None if line.attended == Some(false) => Tag::new("Not attended", TagColour::Red),
        None if line.attended.is_some() => Tag::new("Signed off", TagColour::Green),
        None if line.ends_at <= now => Tag::new("To sign off", TagColour::Yellow),
        None => Tag::new("Booked", TagColour::Green),
    }
}

/// `GET /bookings/{id}`.
pub async fn booking_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let (line, session, guide, extras) = load_with_guide(app, &who, *id).await?;
    let words = SessionWords::of(&session);
    page(&BookingPage {
        page: who.frame(&request),
        words,
        is_practice: who.kind == PersonKind::PracticeManager,
        state: state_of(&line, now),
        pay: pay_words(line.rate_pence_per_hour, line.pay_pence),
        made: words::capitalised(&words::when(line.made_at, now)),
        fee: fee_of(&line),
        cancelled: cancelled_in_words(&line, now),
        extras: extras::in_words(&extras),
        signed: line.signed_pence.map(|pence| words::pounds(pence.into())).unwrap_or_default(),
        is_worked: line.cancelled_at.is_none() && line.ends_at <= now,
        can_be_cancelled: is_cancellable(&line, now),
        cancel_href: format!("/bookings/{id}/cancel"),
        guide: said_of(&guide, line.cancelled_at.is_none() && line.ends_at > now),
        place_href: format!("/places/{}", session.practice),
        line,
    })
}

/// What fell due when it was cancelled, or would; "" where nothing could.
fn fee_of(line: &BookingLine) -> String {
    match line.cancelled_side {
        Some(side) => fallen_due(&line.fees(), side, line.cancel_fee_pence),
        None => line.fees().in_words(),
    }
}

/// By whom and when it was cancelled, and why.
fn cancelled_in_words(line: &BookingLine, now: DateTime<Utc>) -> Option<(String, String)> {
    let (at, side) = line.cancelled_at.zip(line.cancelled_side)?;
    let by = format!("By {}, {}", side.text(), words::when(at, now));
    Some((by, line.cancel_reason.clone().unwrap_or_default()))
}

fn is_cancellable(line: &BookingLine, now: DateTime<Utc>) -> bool {
    line.cancelled_at.is_none() && line.starts_at > now
}

/// A booking of one's own with its session's words. Three statements.
async fn load_own(app: &App, who: &Admitted, id: BookingId) -> Result<(BookingLine, SessionWords), AppError> {
    let (line, session, ..) = load_with_guide(app, who, id).await?;
    Ok((line, SessionWords::of(&session)))
}

/// A booking of one's own with its session, what the practice says to those who come, and what it pays beside the rate.
async fn load_with_guide(
    app: &App,
    who: &Admitted,
    id: BookingId,
) -> Result<(BookingLine, SessionFacts, Guide, Vec<Extra>), AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let line = find_own_booking(tx, membership, id).await?;
    let line = line.ok_or(AppError::NotFound)?;
    let session = list_sessions(tx, &[line.session_id]).await?.pop();
    let session = session.ok_or(AppError::NotFound)?;
    let guide = find_guide(tx, session.practice).await?;
    let extras = list_extras_at(tx, session.practice, line.made_at).await?;
    Ok((line, session, guide, extras))
}

/// What the two sides of a booking read of the practice; whom to ask for on the day only while the booking counts.
fn said_of(guide: &Guide, counts: bool) -> Vec<(&'static str, String)> {
    let mut said = guide.for_everybody();
    if counts && !guide.contact().is_empty() {
        said.push(("On the day, ask for", guide.contact()));
    }
    said
}

#[derive(Template)]
#[template(path = "work/booking/pages/cancel.html")]
struct CancelPage {
    page: PageFrame,
    line: BookingLine,
    words: SessionWords,
    is_practice: bool,
    /// What it costs the practice to cancel now, and from when it costs more; "" where nothing ever does.
    cost: String,
    /// What this reader's cancelling makes the practice owe now, in pence.
    fee_pence: i32,
    reasons: Vec<Choice>,
    note: String,
    errors: FieldErrors<CancelField>,
}

/// `GET /bookings/{id}/cancel`: asks why, and says what happens.
pub async fn cancel_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let template = cancel_template(app, &who, *id, &request).await?;
    if !is_cancellable(&template.line, app.clock.now()) {
        return Ok(see_other(&format!("/bookings/{id}")));
    }
    page(&template)
}

async fn cancel_template(
    app: &App,
    who: &Admitted,
    id: BookingId,
    request: &HttpRequest,
) -> Result<CancelPage, AppError> {
    let (line, words) = load_own(app, who, id).await?;
    let now = app.clock.now();
    Ok(CancelPage {
        page: who.frame(request),
        cost: line.fees().before_cancelling(now),
        fee_pence: line.fees().due(side_of(who), now),
        line,
        words,
        is_practice: who.kind == PersonKind::PracticeManager,
        reasons: reasons(side_of(who), ""),
        note: String::new(),
        errors: FieldErrors::none(),
    })
}

/// The side that somebody is of who sees a booking of theirs.
fn side_of(who: &SignedIn) -> Side {
    if who.kind == PersonKind::PracticeManager { Side::Practice } else { Side::Clinician }
}

/// The reasons that somebody of this side can choose.
pub(super) fn reasons(side: Side, chosen: &str) -> Vec<Choice> {
    let choice = |reason: &Reason| Choice::new(reason.code(), reason.text(), reason.code() == chosen);
    Reason::of(side).iter().map(choice).collect()
}

/// `POST /bookings/{id}/cancel`.
pub async fn cancel_booking(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (reason, note) = match forms::cancellation(&form, side_of(&who)) {
        Ok(said) => said,
        Err(errors) => return cancel_again(app, &who, *id, (&form, errors), &request).await,
    };
    let (id, desk, now) = (*id, Desk::of(app), app.clock.now());
    let seen = forms::seen_fee_pence(&form);
    let cancelled =
        app.db.change(&who, async |tx| cancel_own_booking(tx, &desk, id, (reason, &note), seen).await);
    cancelled.await.map_err(|error| super::answered(error, now))?;
    Ok(see_told(&format!("/bookings/{id}"), "The booking is cancelled. Both sides get an email."))
}

async fn cancel_again(
    app: &App,
    who: &Admitted,
    id: BookingId,
    (form, errors): (&RawForm, FieldErrors<CancelField>),
    request: &HttpRequest,
) -> Result<HttpResponse, AppError> {
    let template = cancel_template(app, who, id, request).await?;
    let (reasons, note) = (reasons(side_of(who), form.get("reason")), form.get("note").to_owned());
    page_with_errors(&CancelPage { reasons, note, errors, ..template })
}

/// `GET /bookings/{id}/calendar.ics`.
pub async fn booking_calendar(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (line, _) = load_own(app, &who, *id).await?;
    Ok(as_download(load_entry(app, &who, *id, &line.role_name).await?))
}

/// The calendar entry of a booking, for a file that a person fetches: entered while it counts, cancelled after.
pub(crate) async fn load_entry(
    app: &App,
    who: impl Into<Actor>,
    id: BookingId,
    role_name: &str,
) -> Result<String, AppError> {
    let tx = &mut app.db.look(who).await?;
    let booking = find_booking(tx, id).await?.ok_or(AppError::NotFound)?;
    let session = list_sessions(tx, &[booking.session]).await?.pop();
    let (booking, session) = (booking, session.ok_or(AppError::NotFound)?);
    let is_live = booking.state == crate::work::booking::BookingState::Live;
    let entry = Entry {
        uid: uid(booking.id),
        status: if is_live { EntryStatus::Firm } else { EntryStatus::Cancelled },
        sequence: booking.calendar_sequence,
        method: if is_live { CalendarMethod::Publish } else { CalendarMethod::Cancel },
        session: &session,
        summary: format!("{role_name} session at {}", session.practice_name),
        description: format!("{}/bookings/{}", app.base_url(), booking.id),
        organiser: booking.organiser(&app.letterhead()),
        attendees: Vec::new(),
        written_at: app.clock.now(),
    };
    Ok(render(&entry))
}

/// Answers with a calendar file.
pub(crate) fn as_download(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"session.ics\""))
        .body(body)
}

//! Bookings that stand although something on which they rested has changed: an administrator looks at each, and settles it
//! with both sides or cancels it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::form_fields::FieldErrors;
use crate::ground::id::BookingId;
use crate::ground::web::components::{Choice, Pagination};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::work::booking::Side;
use crate::work::booking::actions::cancel::cancel_flagged_booking;
use crate::work::booking::desk::Desk;
use crate::work::booking::forms::{self, CancelField};
use crate::work::booking::pages::booking::reasons;
use crate::work::booking::store::reliance::{FlagRow, find_flag, list_flags};

/// What follows `/bookings-to-look-at?`.
#[derive(Debug, Deserialize)]
pub struct FlaggedQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/booking/pages/flagged.html")]
struct FlaggedPage {
    page: PageFrame,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    when: String,
    practice: String,
    clinician: String,
    clinician_href: String,
    sentence: String,
    next_step: String,
    since: String,
    cancel_href: String,
}

fn line(row: FlagRow, now: DateTime<Utc>) -> Line {
    Line {
        when: when(&row),
        clinician_href: format!("/clinicians/{}", row.clinician_id),
        since: words::when(row.since, now),
        cancel_href: format!("/bookings-to-look-at/{}/cancel", row.booking_id),
        practice: row.practice,
        clinician: row.clinician,
        sentence: row.sentence,
        next_step: row.next_step,
    }
}

fn when(row: &FlagRow) -> String {
    let date = words::short_date(words::london_date(row.starts_at));
    format!("{date}, {}", words::time_span(row.starts_at, row.ends_at))
}

/// `GET /bookings-to-look-at`.
pub async fn list(
    who: Admitted,
    query: web::Query<FlaggedQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_flags(tx, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    page(&FlaggedPage {
        page: who.frame(&request),
        lines: rows.into_iter().map(|row| line(row, now)).collect(),
        pages: shown.links(|number| format!("/bookings-to-look-at?page={number}")),
    })
}

#[derive(Template)]
#[template(path = "work/booking/pages/cancel_flagged.html")]
struct CancelPage {
    page: PageFrame,
    line: Line,
    reasons: Vec<Choice>,
    errors: FieldErrors<CancelField>,
}

async fn cancel_template(
    who: &Admitted,
    id: BookingId,
    request: &HttpRequest,
    (chosen, errors): (&str, FieldErrors<CancelField>),
) -> Result<CancelPage, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    let row = find_flag(tx, id).await?.ok_or(AppError::NotFound)?;
    Ok(CancelPage {
        page: who.frame(request),
        line: line(row, app.clock.now()),
        reasons: reasons(Side::Bank, chosen),
        errors,
    })
}

/// `GET /bookings-to-look-at/{id}/cancel`.
pub async fn cancel_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&cancel_template(&who, *id, &request, ("", FieldErrors::none())).await?)
}

/// `POST /bookings-to-look-at/{id}/cancel`.
pub async fn cancel(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let reason = match forms::cancellation(&form, Side::Bank) {
        Ok((reason, _)) => reason,
        Err(errors) => {
            let said = (form.get("reason"), errors);
            return page_with_errors(&cancel_template(&who, *id, &request, said).await?);
        }
    };
    let (id, desk, now) = (*id, Desk::of(app), app.clock.now());
    let cancelled = app.db.change(&who, async |tx| cancel_flagged_booking(tx, &desk, id, reason).await);
    cancelled.await.map_err(|error| super::answered(error, now))?;
    Ok(see_told("/bookings-to-look-at", "The booking is cancelled. Both sides get an email."))
}

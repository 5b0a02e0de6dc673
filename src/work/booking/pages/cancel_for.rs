//! An administrator cancels a booking for whichever side gives it up, and goes on to who else can do the session.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::eligibility::words::Audience;
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::BookingId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::work::booking::Side;
use crate::work::booking::actions::cancel::cancel_for_side;
use crate::work::booking::desk::Desk;
use crate::work::booking::forms::{self, CancelField, cancellation_for_side, side_and_reason};
use crate::work::booking::messages::pay_words;
use crate::work::booking::pages::answered_to;
use crate::work::booking::reason::Reason;
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::lists::{BookingLine, find_booking_line};
use crate::work::booking::store::reliance::find_flag;

#[derive(Template)]
#[template(path = "work/booking/pages/cancel_for.html")]
struct CancelPage {
    page: PageFrame,
    line: BookingLine,
    when: String,
    pay: String,
    /// What is wrong with the booking; "" where nothing is known to be.
    flag: String,
    /// What it costs the practice to cancel now; "" where nothing ever does.
    cost: String,
    /// The same in pence.
    fee_pence: i32,
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
    let now = app.clock.now();
    let tx = &mut app.db.look(who).await?;
    let line = find_booking_line(tx, id).await?.ok_or(AppError::NotFound)?;
    if line.cancelled_at.is_some() {
        return Err(answered_to(Audience::Administrator, Refusal::BookingCancelled.into(), now));
    }
    if line.starts_at <= now {
        return Err(answered_to(Audience::Administrator, Refusal::SessionStarted.into(), now));
    }
    let date = words::short_date(words::london_date(line.starts_at));
    Ok(CancelPage {
        page: who.frame(request),
        when: format!("{date}, {}", words::time_span(line.starts_at, line.ends_at)),
        pay: pay_words(line.rate_pence_per_hour, line.pay_pence),
        flag: find_flag(tx, id).await?.map_or_else(String::new, |flag| flag.sentence),
        cost: line.fees().before_cancelling(now),
        fee_pence: line.fees().due(Side::Practice, now),
        reasons: reasons(chosen),
        line,
        errors,
    })
}

/// "The clinician: no longer free at that time".
fn reasons(chosen: &str) -> Vec<Choice> {
    let choice = |(side, reason): (Side, Reason)| {
        let code = side_and_reason(side, reason);
        let label = format!("{}: {}", words::capitalised(side.text()), words::in_sentence(reason.text()));
        let is_chosen = code == chosen;
        Choice::new(code, label, is_chosen)
    };
    Reason::of_all_sides().map(choice).collect()
}

/// `GET /rota/bookings/{id}/cancel`.
pub async fn cancel_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&cancel_template(&who, *id, &request, ("", FieldErrors::none())).await?)
}

/// `POST /rota/bookings/{id}/cancel`.
pub async fn cancel(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let said = match cancellation_for_side(&form) {
        Ok(said) => said,
        Err(errors) => {
            let again = (form.get("reason"), errors);
            return page_with_errors(&cancel_template(&who, *id, &request, again).await?);
        }
    };
    let (id, desk, now) = (*id, Desk::of(app), app.clock.now());
    let seen = forms::seen_fee_pence(&form);
    let cancelled = app.db.change(&who, async |tx| {
        cancel_for_side(tx, &desk, id, said, seen).await?;
        Ok(find_booking_line(tx, id).await?)
    });
    let line = cancelled.await.map_err(|error| answered_to(Audience::Administrator, error, now))?;
    let session = line.ok_or(AppError::NotFound)?.session_id;
    let told =
        "The booking is cancelled. Both sides get an email. These people could do the session instead.";
    Ok(see_told(&format!("/unfilled-sessions/{session}"), told))
}

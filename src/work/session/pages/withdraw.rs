//! Withdrawing a session: who is told, and why, before it is done.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::detail::{self, Known};
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::SessionId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::work::booking::Side;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::forms::seen_fee_pence;
use crate::work::booking::pages::answered;
use crate::work::booking::reason::Reason;
use crate::work::booking::refusal::Refusal;
use crate::work::session::actions::withdraw::withdraw_session;
use crate::work::session::forms::{self, WithdrawField};

#[derive(Template)]
#[template(path = "work/session/pages/withdraw.html")]
struct WithdrawPage {
    page: PageFrame,
    known: Known,
    effects: Vec<String>,
    /// What the practice owes if it withdraws now, in pence.
    fee_pence: i32,
    reasons: Vec<Choice>,
    errors: FieldErrors<WithdrawField>,
}

impl WithdrawPage {
    fn new(
        page: PageFrame,
        known: Known,
        (chosen, errors): (&str, FieldErrors<WithdrawField>),
        now: DateTime<Utc>,
    ) -> Self {
        let mut effects = Vec::new();
        if !known.booked.is_empty() {
            let names: Vec<&str> = known.booked.iter().map(|row| row.name.as_str()).collect();
            effects.push(format!("The booking of {} is cancelled.", words::list(&names)));
        }
        let fees = known.fees();
        for (row, fees) in known.booked.iter().zip(&fees) {
            let cost = fees.before_cancelling(now);
            if !cost.is_empty() {
                effects.push(format!("{}: {}", row.name, words::in_sentence(&cost)));
            }
        }
        let fee_pence = fees.iter().map(|fees| fees.due(Side::Practice, now)).sum();
        if known.open_offers() > 0 {
            let offers = words::count(
                known.open_offers(),
                "offer that waits for an answer is taken back",
                "offers that wait for an answer are taken back",
            );
            effects.push(format!("{}.", words::capitalised(&offers)));
        }
        effects.push(if effects.is_empty() {
            "Nobody is booked and no offer is out, so nobody has to be told.".to_owned()
        } else {
            "We tell everybody concerned by email.".to_owned()
        });
        let choice = |reason: &Reason| Choice::new(reason.code(), reason.text(), reason.code() == chosen);
        let reasons = Reason::of(Side::Practice).iter().map(choice).collect();
        Self { page, known, effects, fee_pence, reasons, errors }
    }
}

/// `GET /sessions/{id}/withdraw`: what would happen.
pub async fn withdraw_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let known = detail::load(app, &who, *id).await?;
    if !known.session.is_wanted_at(app.clock.now()) {
        return Ok(see_other(&format!("/sessions/{id}")));
    }
    let frame = who.frame(&request);
    page(&WithdrawPage::new(frame, known, ("", FieldErrors::none()), app.clock.now()))
}

/// `POST /sessions/{id}/withdraw`: takes back the session, its offers and its bookings, in one transaction with the
/// mails that tell of it. Doing it twice does it once.
pub async fn withdraw(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = detail::load(app, &who, *id).await?;
    let reason = match forms::parse_withdrawal(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&WithdrawPage::new(frame, known, (form.get("reason"), errors), now));
        }
    };
    let (session, desk, seen) = (known.session.asked.id, Desk::of(app), seen_fee_pence(&form));
    let withdrawn =
        app.db.change(&who, async |tx| withdraw_session(tx, &desk, session, (reason, seen)).await);
    withdrawn.await.map_err(|error| match error {
        DeskError::Refused(Refusal::SessionStarted) => AppError::conflict(
            "This session has begun",
            "A session can be withdrawn until it starts. Its bookings stay as they are.",
        ),
        error => answered(error, now),
    })?;
    Ok(see_told(
        &format!("/sessions/{session}"),
        "The session is withdrawn, and everybody concerned is told by email",
    ))
}

//! `/unfilled-sessions/{id}/take-back`: a bank administrator takes back an offer that holds a place somebody else could
//! have.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::form_fields::Typed;
use crate::ground::id::{OfferId, SessionId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::work::booking::actions::answer::take_back;
use crate::work::booking::pages::answered;
use crate::work::booking::store::offers::{HeldOffer, list_held_offers};
use crate::work::session::store::standing::find_session_so_far;

/// What the clinician reads in the email.
const TOLD_CLINICIAN: &str = "The bank is filling it in another way.";

/// What follows `/unfilled-sessions/{id}/take-back?`.
#[derive(Debug, Deserialize)]
pub struct OfferQuery {
    #[serde(default)]
    offer: Typed,
}

#[derive(Template)]
#[template(path = "work/planning/pages/take_back.html")]
struct TakeBackPage {
    page: PageFrame,
    when: String,
    practice: String,
    path: String,
    held: HeldOffer,
    until: String,
}

/// `GET /unfilled-sessions/{id}/take-back`: whose offer it is, before it is gone.
pub async fn take_back_page(
    who: Admitted,
    id: web::Path<SessionId>,
    query: web::Query<OfferQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let offer: OfferId = query.offer.parse().map_err(|_no_id| AppError::NotFound)?;
    let tx = &mut app.db.look(&who).await?;
    let so_far = find_session_so_far(tx, id).await?.ok_or(AppError::NotFound)?;
    let held = list_held_offers(tx, id).await?;
    let held = held.into_iter().find(|held| held.id == offer).ok_or(AppError::NotFound)?;
    page(&TakeBackPage {
        page: who.frame(&request),
        when: so_far.session.asked.times.when_text(),
        practice: so_far.practice,
        path: format!("/unfilled-sessions/{id}"),
        until: words::deadline(held.expires_at, app.clock.now()),
        held,
    })
}

/// `POST /unfilled-sessions/{id}/take-back`: takes it back and tells its clinician.
pub async fn take_back_offer(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let session = *id;
    let offer: OfferId = form.get("offer").parse().map_err(|_no_id| AppError::NotFound)?;
    let now = app.clock.now();
    let outcome = app.db.change(&who, async |tx| take_back(tx, (session, offer), TOLD_CLINICIAN).await);
    outcome.await.map_err(|error| answered(error, now))?;
    Ok(see_told(
        &format!("/unfilled-sessions/{session}"),
        "The offer is taken back. The clinician gets an email.",
    ))
}

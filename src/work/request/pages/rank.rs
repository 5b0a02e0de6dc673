//! `/my-requests/order`: a clinician says in which order they want what they ask for in a round.

use actix_web::{HttpRequest, HttpResponse};

use super::own::see;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{AdmittedForm, app_of};
use crate::ground::web::page_with_errors;
use crate::ground::web::paging::AskedPage;
use crate::ground::web::told::see_told;
use crate::work::booking::pages::answered;
use crate::work::request::actions::rank::rank_requests;
use crate::work::request::forms;

const SAVED: &str = "Your order is saved. You can change it until the round closes.";
const CLOSED: &str = "The round has closed, so your order stays as it was.";

/// `POST /my-requests/order`.
pub async fn rank(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let seen = see(app, &who, AskedPage::default()).await?;
    let ranking = match forms::ranking(&form, &seen.requests()) {
        Ok(ranking) => ranking,
        Err(errors) => return page_with_errors(&seen.again(who.frame(&request), &form, errors)),
    };
    let done = app.db.change(&who, async |tx| rank_requests(tx, &ranking).await).await;
    let is_saved = done.map_err(|error| answered(error, app.clock.now()))?;
    Ok(see_told("/my-requests", if is_saved { SAVED } else { CLOSED }))
}

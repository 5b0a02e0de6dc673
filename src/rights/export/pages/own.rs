//! `/your-data`: what somebody may have of what is held about them.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{FetchField, Line, file, lines, wrong_password};
use crate::ground::form_fields::FieldErrors;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::pages::own_password::{is_own_password, load};
use crate::rights::export::actions::{ask_for_copy, fetch_copy};
use crate::rights::export::store::list_exports;

#[derive(Template)]
#[template(path = "rights/export/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    email: String,
    copies: Vec<Line>,
    errors: FieldErrors<FetchField>,
}

async fn own_page(
    who: &Admitted,
    request: &HttpRequest,
    errors: FieldErrors<FetchField>,
) -> Result<OwnPage, AppError> {
    let app = app_of(request)?;
    let email = load(app, who).await?.email;
    let copies = list_exports(&mut app.db.look(who).await?, who.account, who.account).await?;
    Ok(OwnPage { page: who.frame(request), email, copies: lines(copies, app.clock.now()), errors })
}

/// `GET /your-data`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&own_page(&who, &request, FieldErrors::none()).await?)
}

/// `POST /your-data`: asks for a copy.
pub async fn ask(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let account = who.account;
    let is_new = app_of(&request)?.db.change(&who, async |tx| ask_for_copy(tx, account).await).await?;
    let said = if is_new {
        "A copy is being made. An email tells you when it is ready"
    } else {
        "A copy is being made already. An email tells you when it is ready"
    };
    Ok(see_told("/your-data", said))
}

/// `POST /your-data/fetch`: a form with the password, because whoever finds a browser left signed in would take all
/// of it, and because it is written down.
pub async fn fetch(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, account) = (app_of(&request)?, who.account);
    let holder = load(app, &who).await?;
    if !is_own_password(app, &holder, form.exactly("password")).await? {
        return page_with_errors(&own_page(&who, &request, wrong_password()).await?);
    }
    let key = &app.data_key;
    Ok(file(app.db.change(&who, async |tx| fetch_copy(tx, key, account).await).await?))
}

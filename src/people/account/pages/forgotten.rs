//! `/forgotten-password`: asks for a link to a new password. Whoever asks hears the same, after the same work, whether or
//! not somebody has the address: no mail is written and no account looked for while the page waits.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::network_address;
use crate::ground::actor::Actor;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::told::{is_told, see_told};
use crate::ground::web::{page, page_with_errors};
use crate::people::account::actions::forgotten::{Asked, ask_for_link};
use crate::people::account::attempt::Attempt;
use crate::people::account::forms::{AddressField, parse_address};

#[derive(Template)]
#[template(path = "people/account/pages/forgotten.html")]
struct ForgottenPage {
    page: PageFrame,
    is_asked: bool,
    raw: RawForm,
    errors: FieldErrors<AddressField>,
}

/// `GET /forgotten-password`.
pub async fn show(_: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&ForgottenPage {
        page: visitor_frame(&request),
        is_asked: is_told(&request),
        raw: RawForm::default(),
        errors: FieldErrors::none(),
    })
}

/// `POST /forgotten-password`.
pub async fn ask(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let raw = read_form(&request, &mut payload.into_inner()).await?;
    let email = match parse_address(&raw) {
        Ok(email) => email,
        Err(errors) => {
            let page = visitor_frame(&request);
            return page_with_errors(&ForgottenPage { page, is_asked: false, raw, errors });
        }
    };
    if Attempt::to_get_a_link(&email, &network_address(app, &request)).is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let asked = Asked { email };
    app.db.change(Actor::Visitor, async |tx| ask_for_link(tx, &asked).await).await?;
    Ok(see_told("/forgotten-password", "We have your request."))
}

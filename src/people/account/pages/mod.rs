//! The pages of an account: where each kind of person starts, signing in and out, passwords, sign-ins.

pub mod address;
pub mod by_link;
pub mod code;
mod cookies;
pub mod forgotten;
pub mod kept_form;
pub mod own_password;
mod proof;
pub mod second_factor;
pub mod sign_in;
pub mod switch;
pub mod your_sign_in;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

pub(crate) use cookies::NewSignIn;

use super::actions::address::AddressError;
use super::actions::change::ChangeError;
use super::actions::second_factor::FactorError;
use crate::ground::app::App;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, visitor_frame};
use crate::ground::web::{page, see_other};

#[derive(Template)]
#[template(path = "people/account/pages/start.html")]
struct StartPage {
    page: PageFrame,
}

/// `GET /`: where each kind of person starts; what the service is, for a visitor.
pub async fn start(
    MaybeSignedIn(who): MaybeSignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    match who {
        Some(who) => Ok(see_other(who.kind.start_page())),
        None => page(&StartPage { page: visitor_frame(&request) }),
    }
}

/// Whatever has no route. Somebody who is signed in keeps their menu.
pub async fn nothing_here(_: MaybeSignedIn) -> Result<HttpResponse, AppError> {
    Err(AppError::NotFound)
}

/// Where the request comes from, as far as it can be believed.
pub(crate) fn network_address(app: &App, request: &HttpRequest) -> String {
    let info = request.connection_info();
    let address = if app.settings.server.behind_proxy { info.realip_remote_addr() } else { info.peer_addr() };
    address.unwrap_or("unknown").to_owned()
}

impl From<ChangeError> for AppError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::LinkEnded => Self::NotFound,
            ChangeError::ChangedMeanwhile => Self::conflict(
                "Your password has been changed meanwhile",
                "If it was not you, ask for a new one with “forgotten password” on the sign-in page.",
            ),
            ChangeError::Database(error) => error.into(),
            ChangeError::Unwritten(error) => Self::internal("writing a mail about a password", error),
        }
    }
}

impl From<AddressError> for AppError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::LinkEnded => Self::NotFound,
            AddressError::Taken => Self::conflict(
                "That address has an account already",
                "Your address stays as it was. Sign in with the other account, or choose another address.",
            ),
            AddressError::Database(error) => error.into(),
            AddressError::Unwritten(error) => Self::internal("writing a mail about an address", error),
        }
    }
}

impl From<FactorError> for AppError {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::NothingPending | FactorError::None => Self::conflict(
                "Your second factor has been changed meanwhile",
                "Go back to “Your sign-in” and look again. Nothing was changed.",
            ),
            FactorError::WrongCode => Self::BadRequest("Go back and enter another code.".to_owned()),
            FactorError::Database(error) => error.into(),
            FactorError::Unwritten(error) => Self::internal("writing a mail about a second factor", error),
            FactorError::Unsealed(error) => Self::internal("sealing a second factor", error),
        }
    }
}

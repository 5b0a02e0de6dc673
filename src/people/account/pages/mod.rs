//! The pages of an account: where each kind of person starts, signing in and out, passwords, sign-ins.

pub mod address;
pub mod by_link;
pub mod code;
mod cookies;
pub mod forgotten;
pub mod kept_form;
pub mod own_password;
pub mod second_factor;
pub mod sign_in;
pub mod switch;
pub mod your_sign_in;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::{Position, Url};

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

/// `next` where it is a path of ours, as a browser would understand it: browsers drop tabs and line ends, and read `\`
/// as `/`, so what an address must not contain can't be listed; where it leads can be asked.
fn own_path(next: &str) -> Option<String> {
    let here = Url::parse("https://own.invalid/").ok()?;
    let there = here.join(next).ok().filter(|_| next.starts_with('/'))?;
    // `/..//x` is a path of ours whose own beginning would be read as another host.
    let path = &there[Position::BeforePath..];
    (there.origin() == here.origin() && !path.starts_with("//")).then(|| path.to_owned())
}

/// Where the request comes from, as far as it can be believed.
fn network_address(app: &App, request: &HttpRequest) -> String {
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

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_leads_nowhere_else() {
        assert_eq!(own_path("/sessions?week=2026-11-02").as_deref(), Some("/sessions?week=2026-11-02"));
        assert_eq!(own_path("/\tsessions").as_deref(), Some("/sessions"));
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "sessions",
            "/\t/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            "/\t\\evil.example",
            "//own.invalid:80/",
            "/..//evil.example",
            "/.//evil.example",
        ] {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }
}

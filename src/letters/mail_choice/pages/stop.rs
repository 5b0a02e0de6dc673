//! `/unsubscribe/{token}`: no more of one kind of message, by the link in its mails, without signing in (RFC 8058).
//!
//! The link is a capability for one person and one kind of message. A GET shows a button and changes nothing, since
//! mail scanners follow links. A POST counts whoever sends it: mail programs send it from their own servers, without
//! a cookie.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::id::AccountId;
use crate::ground::mail::kinds::MessageKind;
use crate::ground::mail::sealed_link::{Purpose, SealedLink};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::page;
use crate::letters::mail_choice::actions::{stop_kind_by_link, want_kind_by_link};
use crate::terms::bank::Bank;
use crate::terms::bank::store::find_bank;

/// The largest body taken, in bytes: RFC 8058 sends one pair.
const MOST_BYTES: usize = 8 * 1024;

/// Where the page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The button has not been pressed.
    Asked,
    /// No more of these come.
    Stopped,
    /// They come again.
    TakenBack,
}

#[derive(Template)]
#[template(path = "letters/mail_choice/pages/stop.html")]
struct StopPage {
    page: PageFrame,
    title: &'static str,
    bank_name: String,
    action: String,
    standing: Standing,
}

/// What a link opens.
struct Opened {
    account: AccountId,
    kind: &'static MessageKind,
    bank: Bank,
}

/// A token that opens nothing looks like a page that is not there.
async fn open(app: &App, token: &str) -> Result<Opened, AppError> {
    let link = SealedLink::read(&app.link_key, Purpose::Stop, token).ok_or(AppError::NotFound)?;
    let kind =
        app.site.messages.find(&link.kind).filter(|kind| kind.may_decline).ok_or(AppError::NotFound)?;
    let id = link.bank;
    let tx = &mut app.db.look(Actor::link_holder(link.bank)).await?;
    let bank = find_bank(tx, id).await?;
    Ok(Opened { account: AccountId(link.id), kind, bank: bank.ok_or(AppError::NotFound)? })
}

fn answer(
    request: &HttpRequest,
    opened: Opened,
    token: &str,
    standing: Standing,
) -> Result<HttpResponse, AppError> {
    page(&StopPage {
        page: visitor_frame(request).of_bank(&opened.bank.name, opened.bank.invented),
        title: opened.kind.title,
        bank_name: opened.bank.name,
        action: format!("/unsubscribe/{token}"),
        standing,
    })
}

/// `GET /unsubscribe/{token}`: what the link is for, and a button.
pub async fn show(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let opened = open(app_of(&request)?, &token).await?;
    answer(&request, opened, &token, Standing::Asked)
}

/// `POST /unsubscribe/{token}`: `List-Unsubscribe=One-Click` ends these mails; `take-back=yes` has them come again.
pub async fn stop(
    token: web::Path<String>,
    payload: web::Payload,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let standing = match payload.to_bytes_limited(MOST_BYTES).await {
        Ok(Ok(body)) => wanted(&String::from_utf8_lossy(&body)),
        _ => None,
    };
    let standing = standing.ok_or_else(|| {
        AppError::BadRequest("Open the link in your email again, and press the button.".to_owned())
    })?;
    let (account, kind) = (opened.account, opened.kind.name);
    let change = async |tx: &mut Tx| match standing {
        Standing::Stopped => stop_kind_by_link(tx, account, kind).await,
        Standing::Asked | Standing::TakenBack => want_kind_by_link(tx, account, kind).await,
    };
    app.db.change(Actor::link_holder(opened.bank.id), change).await?;
    answer(&request, opened, &token, standing)
}

/// What a body asks for. RFC 8058 (3.2) lets it come as form data of either encoding, so it is searched and not parsed.
fn wanted(body: &str) -> Option<Standing> {
    let has =
        |name: &str, value: &str| body.find(name).is_some_and(|at| body[at + name.len()..].contains(value));
    if has("List-Unsubscribe", "One-Click") {
        Some(Standing::Stopped)
    } else {
        has("take-back", "yes").then_some(Standing::TakenBack)
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, wanted};

    #[test]
    fn a_body_of_either_encoding_is_understood() {
        let parts =
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        for body in ["List-Unsubscribe=One-Click", parts] {
            assert_eq!(wanted(body), Some(Standing::Stopped), "{body}");
        }
        assert_eq!(wanted("take-back=yes"), Some(Standing::TakenBack));
        for body in ["", "List-Unsubscribe", "One-Click", "One-Click=List-Unsubscribe", "take-back=no"] {
            assert_eq!(wanted(body), None, "{body}");
        }
    }
}

//! `/new-password/{token}`: a new password, by the link in a mail. A GET shows a form and changes nothing, since mail
//! scanners follow links; pressing the button without a password changes nothing either. It signs nobody in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::FieldErrors;
use crate::ground::sign_in::TokenHash;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::Holder;
use crate::people::account::actions::change::ChangeError;
use crate::people::account::actions::forgotten::choose_by_link;
use crate::people::account::forms::{PasswordField, parse_new};
use crate::people::account::store::password::{find_holder, find_link};

#[derive(Template)]
#[template(path = "people/account/pages/by_link.html")]
struct ByLinkPage {
    page: PageFrame,
    email: String,
    action: String,
    errors: FieldErrors<PasswordField>,
}

#[derive(Template)]
#[template(path = "people/account/pages/link_ended.html")]
struct LinkEndedPage {
    page: PageFrame,
}

/// Whose link it is; none where it has ended. A token that never was a link looks like a page that is not there.
async fn open(app: &App, token: &TokenHash) -> Result<Option<Holder>, AppError> {
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let (account, is_alive) = find_link(tx, token).await?.ok_or(AppError::NotFound)?;
    let holder = find_holder(tx, account).await?;
    Ok(holder.filter(|_| is_alive))
}

fn ended(request: &HttpRequest) -> Result<HttpResponse, AppError> {
    let mut answer = page(&LinkEndedPage { page: visitor_frame(request) })?;
    *answer.status_mut() = StatusCode::GONE;
    Ok(answer)
}

fn form_page(
    request: &HttpRequest,
    token: &str,
    holder: &Holder,
    errors: FieldErrors<PasswordField>,
) -> ByLinkPage {
    ByLinkPage {
        page: visitor_frame(request),
        email: holder.email.clone(),
        action: format!("/new-password/{token}"),
        errors,
    }
}

/// `GET /new-password/{token}`.
pub async fn show(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    match open(app_of(&request)?, &TokenHash::of(&token)).await? {
        Some(holder) => page(&form_page(&request, &token, &holder, FieldErrors::none())),
        None => ended(&request),
    }
}

/// `POST /new-password/{token}`. Only whoever holds a live link makes the service hash a password.
pub async fn choose(
    token: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let raw = read_form(&request, &mut payload.into_inner()).await?;
    let link = TokenHash::of(&token);
    let Some(holder) = open(app, &link).await? else { return ended(&request) };
    let new = match parse_new(&raw, &holder.own_words()) {
        Ok(new) => new,
        Err(errors) => return page_with_errors(&form_page(&request, &token, &holder, errors)),
    };
    let hashed = new.hash(app.settings.sign_in.argon2_memory_kib).await;
    let hash = hashed.map_err(|error| AppError::internal("hashing a password", error))?;
    let letterhead = app.letterhead();
    let chosen =
        app.db.change(Actor::Visitor, async |tx| choose_by_link(tx, &letterhead, &link, &hash).await).await;
    match chosen {
        Ok(()) => Ok(see_told("/sign-in", "Your password has been changed. Sign in with the new one.")),
        Err(ChangeError::LinkEnded) => ended(&request),
        Err(error) => Err(error.into()),
    }
}

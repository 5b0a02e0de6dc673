//! `/your-sign-in/email`: another address to sign in with; and `/new-address/{token}`, where each of the two mailboxes
//! confirms it. Confirming wants the password, since mail scanners follow links and press buttons.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::own_password::{is_own_password, load};
use super::proof::{Unproven, has_second_factor, unproven};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::sign_in::TokenHash;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of, visitor_frame};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::Holder;
use crate::people::account::actions::address::{AddressError, Confirmed, ask_for_address, confirm_address};
use crate::people::account::forms::{ChangeField, parse_new_address};
use crate::people::account::store::address::{AddressChange, find_change, find_change_of};
use crate::people::account::store::password::find_holder;

#[derive(Template)]
#[template(path = "people/account/pages/address.html")]
struct AddressPage {
    page: PageFrame,
    email: String,
    /// The address that waits to be confirmed; "" where none does.
    waiting: String,
    /// A code is asked for too.
    has_second_factor: bool,
    raw: RawForm,
    errors: FieldErrors<ChangeField>,
}

async fn address_page(
    who: &Admitted,
    request: &HttpRequest,
    holder: Holder,
    (raw, errors): (RawForm, FieldErrors<ChangeField>),
) -> Result<AddressPage, AppError> {
    let app = app_of(request)?;
    let waiting = find_change_of(&mut app.db.look(who).await?, who.account).await?;
    let waiting = waiting.filter(|change| change.is_open(app.clock.now())).map(|change| change.new_email);
    let waiting = waiting.unwrap_or_default();
    let has_second_factor = has_second_factor(app, &holder).await?;
    Ok(AddressPage { page: who.frame(request), email: holder.email, waiting, has_second_factor, raw, errors })
}

/// `GET /your-sign-in/email`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let holder = load(app_of(&request)?, &who).await?;
    page(&address_page(&who, &request, holder, (RawForm::default(), FieldErrors::none())).await?)
}

/// `POST /your-sign-in/email`.
pub async fn ask(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let holder = load(app, &who).await?;
    let new_email = match parse_new_address(&form, &holder.email) {
        Ok(new_email) => new_email,
        Err(errors) => {
            return page_with_errors(&address_page(&who, &request, holder, (form, errors)).await?);
        }
    };
    if let Some(unproven) = unproven(&request, &holder, &form).await? {
        let errors = FieldErrors::one(field_of(unproven), unproven.words());
        return page_with_errors(&address_page(&who, &request, holder, (form, errors)).await?);
    }
    let ask = async |tx: &mut _| ask_for_address(tx, &app.link_key, &holder, &new_email).await;
    app.db.change(&who, ask).await?;
    let said =
        "An email with a link is on its way to both addresses. Your address changes once both are confirmed";
    Ok(see_told("/your-sign-in", said))
}

fn field_of(unproven: Unproven) -> ChangeField {
    if unproven == Unproven::Password { ChangeField::Password } else { ChangeField::Code }
}

fn wrong_password() -> FieldErrors<ChangeField> {
    FieldErrors::one(ChangeField::Password, "Check your password. It is not the one of the account")
}

#[derive(Template)]
#[template(path = "people/account/pages/confirm_address.html")]
struct ConfirmPage {
    page: PageFrame,
    action: String,
    from: String,
    to: String,
    errors: FieldErrors<ChangeField>,
}

#[derive(Template)]
#[template(path = "people/account/pages/address_link_ended.html")]
struct EndedPage {
    page: PageFrame,
}

fn ended(request: &HttpRequest) -> Result<HttpResponse, AppError> {
    let mut answer = page(&EndedPage { page: visitor_frame(request) })?;
    *answer.status_mut() = StatusCode::GONE;
    Ok(answer)
}

/// What a link opens; none where it has ended. A token that never was a link looks like a page that is not there.
async fn open(app: &App, token: &TokenHash) -> Result<Option<(AddressChange, Holder)>, AppError> {
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let change = find_change(tx, token).await?.ok_or(AppError::NotFound)?;
    let is_used = if change.is_of_new { change.new_confirmed_at } else { change.old_confirmed_at }.is_some();
    let holder = find_holder(tx, change.account_id).await?;
    let is_open = change.is_open(app.clock.now()) && !is_used;
    Ok(holder.filter(|_| is_open).map(|holder| (change, holder)))
}

fn confirm_page(
    request: &HttpRequest,
    (change, holder): &(AddressChange, Holder),
    errors: FieldErrors<ChangeField>,
) -> ConfirmPage {
    ConfirmPage {
        page: visitor_frame(request),
        action: request.path().to_owned(),
        from: holder.email.clone(),
        to: change.new_email.clone(),
        errors,
    }
}

/// `GET /new-address/{token}`.
pub async fn confirm_form(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    match open(app_of(&request)?, &TokenHash::of(&token)).await? {
        Some(opened) => page(&confirm_page(&request, &opened, FieldErrors::none())),
        None => ended(&request),
    }
}

/// `POST /new-address/{token}`.
pub async fn confirm(
    token: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let link = TokenHash::of(&token);
    let Some(opened) = open(app, &link).await? else { return ended(&request) };
    if !is_own_password(app, &opened.1, form.exactly("password")).await? {
        return page_with_errors(&confirm_page(&request, &opened, wrong_password()));
    }
    let letterhead = app.letterhead();
    let confirm = async |tx: &mut _| confirm_address(tx, &letterhead, &link).await;
    match app.db.change(Actor::Visitor, confirm).await {
        Ok(Confirmed::ByOne) => {
            Ok(see_told("/sign-in", "Confirmed. Now follow the link in the other mailbox."))
        }
        Ok(Confirmed::ByBoth) => Ok(see_told("/sign-in", "Your email address has been changed.")),
        Err(AddressError::LinkEnded) => ended(&request),
        Err(error) => Err(error.into()),
    }
}

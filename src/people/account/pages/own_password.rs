//! `/your-sign-in/password`: changes a password with the one it replaces.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::app::App;
use crate::ground::form_fields::FieldErrors;
use crate::ground::sign_in::SignedIn;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::Holder;
use crate::people::account::actions::change::change_password;
use crate::people::account::attempt::Attempt;
use crate::people::account::forms::{PasswordField, parse_change};
use crate::people::account::password;
use crate::people::account::store::password::find_holder;

#[derive(Template)]
#[template(path = "people/account/pages/own_password.html")]
struct OwnPasswordPage {
    page: PageFrame,
    email: String,
    errors: FieldErrors<PasswordField>,
}

/// The person who is signed in, as the holder of their account.
pub async fn load(app: &App, who: &SignedIn) -> Result<Holder, AppError> {
    let holder = find_holder(&mut app.db.look(who).await?, who.account).await?;
    holder.ok_or(AppError::NotFound)
}

fn form_page(
    who: &SignedIn,
    request: &HttpRequest,
    holder: &Holder,
    errors: FieldErrors<PasswordField>,
) -> OwnPasswordPage {
    let page = who.frame(request);
    OwnPasswordPage { page, email: holder.email.clone(), errors }
}

/// Whether that is the password of whoever is signed in. Tries are counted, since whoever finds a browser left signed in
/// would guess here.
pub async fn is_own_password(app: &App, holder: &Holder, typed: &str) -> Result<bool, AppError> {
    let attempt = Attempt::to_change_password(&holder.account.to_string());
    if attempt.is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let memory_kib = app.settings.sign_in.argon2_memory_kib;
    let is_right = password::verify(typed.to_owned().into(), holder.password_hash.clone(), memory_kib).await;
    if is_right {
        attempt.take_back(app).await;
    }
    Ok(is_right)
}

/// `GET /your-sign-in/password`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let holder = load(app, &who).await?;
    page(&form_page(&who, &request, &holder, FieldErrors::none()))
}

/// `POST /your-sign-in/password`. Tries are counted.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let holder = load(app, &who).await?;
    let (old, new) = match parse_change(&form, &holder.own_words()) {
        Ok(entered) => entered,
        Err(errors) => return page_with_errors(&form_page(&who, &request, &holder, errors)),
    };
    if !is_own_password(app, &holder, &old).await? {
        let wrong = "Check your current password. It is not the one of your account";
        let errors = FieldErrors::one(PasswordField::Old, wrong);
        return page_with_errors(&form_page(&who, &request, &holder, errors));
    }
    let hashed = new.hash(app.settings.sign_in.argon2_memory_kib).await;
    let hash = hashed.map_err(|error| AppError::internal("hashing a password", error))?;
    let (letterhead, kept) = (app.letterhead(), who.token_hash.clone());
    let changed =
        app.db.change(&who, async |tx| change_password(tx, &letterhead, &holder, &hash, &kept).await).await;
    changed?;
    Ok(see_told("/your-sign-in", "Your password has been changed."))
}

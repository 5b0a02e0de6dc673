//! Sign in, sign out.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use url::{Position, Url};

use super::cookies::{NewSignIn, keeps_sign_in, known_devices, remove_sign_in};
use super::network_address;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, Typed};
use crate::ground::id::AccountId;
use crate::ground::sign_in::{self, PersonKind};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{AdmittedForm, MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::{page, page_with_errors, see_other};
use crate::people::account::attempt::Attempt;
use crate::people::account::{password, store};

#[derive(Template)]
#[template(path = "people/account/pages/sign_in.html")]
struct SignInPage {
    page: PageFrame,
    email: String,
    next: String,
    is_kept: bool,
    errors: FieldErrors<SignInField>,
}

/// The fields of the sign-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SignInField {
    Email,
}

impl Field for SignInField {
    fn name(self) -> &'static str {
        "email"
    }
}

/// What follows `/sign-in?`.
#[derive(Debug, Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: Typed,
}

/// `GET /sign-in`.
pub async fn show(
    MaybeSignedIn(who): MaybeSignedIn,
    query: web::Query<SignInQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    if let Some(who) = who {
        return Ok(see_other(own_path(&query.next).as_deref().unwrap_or(who.kind.start_page())));
    }
    let SignInQuery { next } = query.into_inner();
    page(&SignInPage {
        page: visitor_frame(&request),
        email: String::new(),
        next: next.into(),
        is_kept: keeps_sign_in(&request)?,
        errors: FieldErrors::none(),
    })
}

/// `POST /sign-in`: begins a sign-in and sets its cookie. Tries are counted (`Attempt`).
pub async fn sign_in(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let email = form.get("email").trim().to_lowercase();
    if email.is_empty() || form.exactly("password").is_empty() {
        let errors = FieldErrors::one(SignInField::Email, "Enter your email address and your password");
        return again(&request, &form, email, errors);
    }
    let Some(account) = admit(app, &request, &form, &email).await? else {
        let errors = FieldErrors::one(
            SignInField::Email,
            "Check your email address and password. They do not match an account.",
        );
        return again(&request, &form, email, errors);
    };
    let new = NewSignIn::make(&request)?;
    let Some(kind) = begin(app, &new, account).await? else {
        let errors = FieldErrors::one(SignInField::Email, "Your account is in no bank any more.");
        return again(&request, &form, email, errors);
    };
    let next = own_path(form.get("next"));
    new.lead_to(next.as_deref().unwrap_or(kind.start_page()), account, &request)
}

/// The account of this address, where the password is right.
async fn admit(
    app: &App,
    request: &HttpRequest,
    form: &RawForm,
    email: &str,
) -> Result<Option<AccountId>, AppError> {
    let found = store::find_credentials(&mut app.db.look(Actor::Visitor).await?, email).await?;
    let known = known_devices(app, request);
    let device = found.as_ref().and_then(|found| known.of(found.account_id));
    let attempt = Attempt::to_sign_in(email, &network_address(app, request), device.as_ref());
    if attempt.is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let (account, hash) = found.map_or((None, None), |found| (Some(found.account_id), found.password_hash));
    let entered = form.exactly("password").to_owned().into();
    if !password::verify(entered, hash, app.settings.sign_in.argon2_memory_kib).await {
        return Ok(None);
    }
    attempt.take_back(app).await;
    Ok(account)
}

/// The form again, with what was typed but the password.
fn again(
    request: &HttpRequest,
    form: &RawForm,
    email: String,
    errors: FieldErrors<SignInField>,
) -> Result<HttpResponse, AppError> {
    let next = form.get("next").to_owned();
    let is_kept = keeps_sign_in(request)?;
    page_with_errors(&SignInPage { page: visitor_frame(request), email, next, is_kept, errors })
}

/// Begins a sign-in of `account` in their oldest membership, and gives its kind. `None` where they have no membership
/// any more.
async fn begin(app: &App, new: &NewSignIn, account: AccountId) -> Result<Option<PersonKind>, AppError> {
    let begun = app.db.change(Actor::Visitor, async |tx| {
        let Some(membership) = store::list_memberships(tx, account).await?.into_iter().next() else {
            return Ok::<_, AppError>(None);
        };
        new.begin(tx, account, (membership.bank_id, membership.membership_id)).await?;
        Ok(Some(membership.kind))
    });
    begun.await
}

/// `POST /sign-out`.
pub async fn sign_out(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let hash = who.token_hash.clone();
    let ended = app.db.change(&who, async |tx| sign_in::store::mark_sign_in_ended(tx, &hash).await);
    ended.await?;
    let mut response = see_other("/");
    remove_sign_in(&mut response)?;
    Ok(response)
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

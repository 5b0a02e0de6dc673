//! Sign in, sign out.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::cookies::{NewSignIn, keeps_sign_in, known_devices, remove_sign_in};
use super::{code, network_address, switch};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, Typed};
use crate::ground::id::AccountId;
use crate::ground::sign_in;
use crate::ground::sign_in::meant_for::MeantFor;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{AdmittedForm, MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::own_path::own_path;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::people::account::attempt::Attempt;
use crate::people::account::password_proof::PasswordProof;
use crate::people::account::store::Credentials;
use crate::people::account::{password, store};

#[derive(Template)]
#[template(path = "people/account/pages/sign_in.html")]
struct SignInPage {
    page: PageFrame,
    email: String,
    next: String,
    is_kept: bool,
    /// Something that was typed waits for whoever signs in.
    has_kept_form: bool,
    idle_minutes: i64,
    errors: FieldErrors<SignInField>,
}

/// Where a form that was kept is offered again.
const KEPT_FORM: &str = "/kept-form";

/// What whoever gives the password of a closed account reads, and nobody else.
const CLOSED: &str =
    "Your account is closed. If you think that this is a mistake, ask your bank’s administrator.";
/// What whoever acts in no bank any more reads.
const IN_NO_BANK: &str =
    "You act in no bank any more. If you think that this is a mistake, ask your bank’s administrator.";

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
        next: next.clone().into(),
        is_kept: keeps_sign_in(&request)?,
        has_kept_form: next.starts_with(KEPT_FORM),
        idle_minutes: app_of(&request)?.settings.sign_in.idle_minutes,
        errors: FieldErrors::none(),
    })
}

/// `POST /sign-in`: begins a sign-in and sets its cookie. Tries are counted (`Attempt`).
pub async fn sign_in(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let email = form.get("email").trim().to_lowercase();
    let refused = |words| again(&request, &form, email.clone(), FieldErrors::one(SignInField::Email, words));
    if email.is_empty() || form.exactly("password").is_empty() {
        return refused("Enter your email address and your password");
    }
    let Some(found) = admit(app, &request, &form, &email).await? else {
        return refused("Check your email address and password. They do not match an account.");
    };
    if found.is_closed {
        return refused(CLOSED);
    }
    if let Some(hash) = found.password_hash.filter(|_| found.has_second_factor) {
        return code::ask(&request, app, &PasswordProof::new(found.account_id, &hash), form.get("next"));
    }
    let (new, next) = (NewSignIn::make(&request)?, own_path(form.get("next")));
    let begin = async |tx: &mut Tx| begin(tx, &new, found.account_id, next.as_deref()).await;
    match app.db.change(Actor::Visitor, begin).await? {
        Some(leads_to) => new.lead_to(&leads_to, found.account_id, &request),
        None => refused(IN_NO_BANK),
    }
}

/// What is known of this address, where the password is right.
async fn admit(
    app: &App,
    request: &HttpRequest,
    form: &RawForm,
    email: &str,
) -> Result<Option<Credentials>, AppError> {
    let found = store::find_credentials(&mut app.db.look(Actor::Visitor).await?, email).await?;
    let known = known_devices(app, request);
    let device = found.as_ref().and_then(|found| known.of(found.account_id));
    let attempt = Attempt::to_sign_in(email, &network_address(app, request), device.as_ref());
    if attempt.is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let entered = form.exactly("password").to_owned().into();
    if !password::verify(entered, hash, app.settings.sign_in.argon2_memory_kib).await {
        return Ok(None);
    }
    attempt.take_back(app).await;
    Ok(found)
}

/// The form again, with what was typed but the password.
fn again(
    request: &HttpRequest,
    form: &RawForm,
    email: String,
    errors: FieldErrors<SignInField>,
) -> Result<HttpResponse, AppError> {
    let next = form.get("next").to_owned();
    let (is_kept, has_kept_form) = (keeps_sign_in(request)?, next.starts_with(KEPT_FORM));
    let (page, idle_minutes) = (visitor_frame(request), app_of(request)?.settings.sign_in.idle_minutes);
    page_with_errors(&SignInPage { page, email, next, is_kept, has_kept_form, idle_minutes, errors })
}

/// Begins a sign-in of `account`: in the membership that the page they want is for, or where they acted last. Gives where
/// it leads: somebody who has never chosen among several memberships chooses first. `None` where they have no membership
/// any more.
pub(super) async fn begin(
    tx: &mut Tx,
    new: &NewSignIn,
    account: AccountId,
    next: Option<&str>,
) -> Result<Option<String>, DbError> {
    let own = store::list_memberships(tx, account).await?;
    let meant = next.and_then(MeantFor::in_path);
    let meant = own.iter().find(|own| meant.is_some_and(|meant| own.is_meant(meant)));
    let Some(first) = meant.or(own.first()) else { return Ok(None) };
    let has_to_choose = meant.is_none() && own.len() > 1 && !first.was_used;
    new.begin(tx, account, (first.bank_id, first.membership_id)).await?;
    let leads_to = next.unwrap_or(first.kind.start_page());
    Ok(Some(if has_to_choose { switch::address(next) } else { leads_to.to_owned() }))
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

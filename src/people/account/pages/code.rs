//! `/sign-in/code`: the second step of signing in, for whoever has a second factor. What the first step has shown travels in
//! the form, sealed, so nobody is half signed in.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::cookies::{NewSignIn, known_devices, random};
use super::proof::{CODE, Unproven};
use super::sign_in::begin;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::{Field, FieldErrors};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::own_path::own_path;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::Holder;
use crate::people::account::actions::second_factor::{FactorError, use_second_factor};
use crate::people::account::attempt::Attempt;
use crate::people::account::password_proof::PasswordProof;
use crate::people::account::second_factor::{Given, given};
use crate::people::account::store::password::find_holder;

#[derive(Template)]
#[template(path = "people/account/pages/code.html")]
struct CodePage {
    page: PageFrame,
    proof: String,
    next: String,
    errors: FieldErrors<CodeField>,
}

/// The field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CodeField {
    Code,
}

impl Field for CodeField {
    fn name(self) -> &'static str {
        CODE
    }
}

/// Asks for the second factor of whoever has proved their password.
pub(super) fn ask(
    request: &HttpRequest,
    app: &App,
    proof: &PasswordProof,
    next: &str,
) -> Result<HttpResponse, AppError> {
    let proof = proof.seal(&app.data_key, app.clock.now(), random()?);
    let proof = proof.map_err(|error| AppError::internal("sealing a password's proof", error))?;
    let errors = FieldErrors::none();
    page(&CodePage { page: visitor_frame(request), proof, next: next.to_owned(), errors })
}

/// `POST /sign-in/code`. Tries are counted (`Attempt`).
pub async fn sign_in_by_code(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let (proof, next) = (form.get("proof"), form.get("next"));
    let again = |words: &str| page_with_errors(&code_page(&request, proof, next, words));
    let holder = prove(app, proof).await?;
    let Some(given) = given(form.get(CODE)) else {
        return again(Unproven::NoCode.words());
    };
    let device = known_devices(app, &request).of(holder.account);
    let attempt = Attempt::to_give_a_code(holder.account, device.as_ref());
    if attempt.is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let new = NewSignIn::make(&request)?;
    match enter(app, &holder, &given, &new, own_path(next).as_deref()).await {
        Ok(leads_to) => {
            attempt.take_back(app).await;
            new.lead_to(&leads_to, holder.account, &request)
        }
        Err(FactorError::WrongCode) => again(Unproven::WrongCode.words()),
        Err(error) => Err(error.into()),
    }
}

/// The form again, with what is wrong.
fn code_page(request: &HttpRequest, proof: &str, next: &str, words: &str) -> CodePage {
    CodePage {
        page: visitor_frame(request),
        proof: proof.to_owned(),
        next: next.to_owned(),
        errors: FieldErrors::one(CodeField::Code, words),
    }
}

/// Whose password was proved, as long as it is theirs.
async fn prove(app: &App, proof: &str) -> Result<Holder, AppError> {
    let stale = || {
        AppError::conflict(
            "It took too long to enter the code",
            "Sign in again with your email address and your password.",
        )
    };
    let proof = PasswordProof::open(&app.data_key, proof, app.clock.now()).ok_or_else(stale)?;
    let holder = find_holder(&mut app.db.look(Actor::Visitor).await?, proof.account).await?;
    let is_same = |holder: &Holder| holder.password_hash.as_deref().is_some_and(|hash| proof.is_of(hash));
    holder.filter(is_same).ok_or_else(stale)
}

/// Uses the code and signs in, both or neither; says where it leads.
async fn enter(
    app: &App,
    holder: &Holder,
    given: &Given,
    new: &NewSignIn,
    next: Option<&str>,
) -> Result<String, FactorError> {
    let letterhead = app.letterhead();
    let enter = async |tx: &mut Tx| {
        use_second_factor(tx, (&app.data_key, &letterhead), holder, given).await?;
        Ok(begin(tx, new, holder.account, next).await?.unwrap_or_default())
    };
    app.db.change(Actor::Visitor, enter).await
}

//! `/people/{id}/erase`: an administrator has somebody erased who asked by letter, as far as their own bank goes.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{EraseField, KeptLine, lines, sentences, wrong_password};
use crate::ground::actor::Actor;
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::AccountId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::pages::own_password::{is_own_password, load};
use crate::rights::erasure::Reach;
use crate::rights::erasure::actions::{erase_person, find_prospect};

#[derive(Template)]
#[template(path = "rights/erasure/pages/person.html")]
struct PersonPage {
    page: PageFrame,
    name: String,
    path: String,
    own_email: String,
    obstacles: Vec<String>,
    kept: Vec<KeptLine>,
    errors: FieldErrors<EraseField>,
}

async fn person_page(
    who: &Admitted,
    account: AccountId,
    request: &HttpRequest,
    errors: FieldErrors<EraseField>,
) -> Result<PersonPage, AppError> {
    let app = app_of(request)?;
    let own_email = load(app, who).await?.email;
    let mut tx = app.db.look(Actor::SERVICE).await?;
    tx.go_to_bank(who.bank).await?;
    let prospect = find_prospect(&mut tx, account, Reach::Bank).await?.ok_or(AppError::NotFound)?;
    Ok(PersonPage {
        page: who.frame(request),
        name: prospect.subject.name,
        path: format!("/people/{account}"),
        own_email,
        obstacles: sentences(&prospect.obstacles),
        kept: lines(&prospect.kept),
        errors,
    })
}

/// `GET /people/{id}/erase`: what would go and what would be kept.
pub async fn show(
    who: Admitted,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&person_page(&who, *path, &request, FieldErrors::none()).await?)
}

/// `POST /people/{id}/erase`.
pub async fn erase(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, account) = (app_of(&request)?, *path);
    let shown = person_page(&who, account, &request, FieldErrors::none()).await?;
    let holder = load(app, &who).await?;
    if !is_own_password(app, &holder, form.exactly("password")).await? {
        return page_with_errors(&PersonPage { errors: wrong_password(), ..shown });
    }
    let (by, bank) = (Actor::from(&who), who.bank);
    let erased = app.db.change(Actor::SERVICE, async |tx| {
        tx.go_to_bank(bank).await?;
        erase_person(tx, by, (account, Reach::Bank)).await
    });
    erased.await?;
    // Kept elsewhere than the database, so that a restored backup can be told who was erased since.
    tracing::info!(%account, %bank, "a person was erased");
    Ok(see_told(&format!("/people/{account}/data"), "What this bank held about them is erased"))
}

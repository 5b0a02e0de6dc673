//! `/your-data/erase`: somebody has themselves erased: their account, or what one bank has of them.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{EraseField, KeptLine, lines, sentences, wrong_password};
use crate::ground::actor::Actor;
use crate::ground::form_fields::{FieldErrors, Typed};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of, visitor_frame};
use crate::ground::web::{page, page_with_errors};
use crate::people::account::pages::own_password::{is_own_password, load};
use crate::rights::erasure::Reach;
use crate::rights::erasure::actions::{Prospect, erase_person, find_prospect};

#[derive(Template)]
#[template(path = "rights/erasure/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    email: String,
    bank_name: String,
    /// "account" or "bank".
    what: &'static str,
    /// Whether there is another bank, so that one's records can go alone.
    has_others: bool,
    obstacles: Vec<String>,
    kept: Vec<KeptLine>,
    errors: FieldErrors<EraseField>,
}

#[derive(Template)]
#[template(path = "rights/erasure/pages/erased.html")]
struct ErasedPage {
    page: PageFrame,
    is_whole: bool,
    bank_name: String,
    kept: Vec<KeptLine>,
}

/// What follows `/your-data/erase?`.
#[derive(Debug, Deserialize)]
pub struct EraseQuery {
    #[serde(default)]
    what: Typed,
}

fn reach_of(what: &str) -> Reach {
    if what == "bank" { Reach::Bank } else { Reach::Account }
}

async fn prospect(who: &Admitted, reach: Reach, request: &HttpRequest) -> Result<Prospect, AppError> {
    let mut tx = app_of(request)?.db.look(Actor::SERVICE).await?;
    tx.go_to_bank(who.bank).await?;
    find_prospect(&mut tx, who.account, reach).await?.ok_or(AppError::NotFound)
}

async fn own_page(
    who: &Admitted,
    reach: Reach,
    request: &HttpRequest,
    errors: FieldErrors<EraseField>,
) -> Result<OwnPage, AppError> {
    let shown = prospect(who, reach, request).await?;
    Ok(OwnPage {
        page: who.frame(request),
        email: shown.subject.email.clone(),
        bank_name: who.bank_name.clone(),
        what: if shown.subject.whole_account { "account" } else { "bank" },
        has_others: shown.has_others,
        obstacles: sentences(&shown.obstacles),
        kept: lines(&shown.kept),
        errors,
    })
}

/// `GET /your-data/erase`: what would go and what would be kept.
pub async fn show(
    who: Admitted,
    query: web::Query<EraseQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&own_page(&who, reach_of(&query.what), &request, FieldErrors::none()).await?)
}

/// `POST /your-data/erase`: does it, and lists what was kept. Whoever asked is signed out by it.
pub async fn erase(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, reach) = (app_of(&request)?, reach_of(form.get("what")));
    let holder = load(app, &who).await?;
    if !is_own_password(app, &holder, form.exactly("password")).await? {
        return page_with_errors(&own_page(&who, reach, &request, wrong_password()).await?);
    }
    let (by, bank, account) = (Actor::from(&who), who.bank, who.account);
    let erased = app.db.change(Actor::SERVICE, async |tx| {
        tx.go_to_bank(bank).await?;
        erase_person(tx, by, (account, reach)).await
    });
    let kept = erased.await?;
    // Kept elsewhere than the database, so that a restored backup can be told who was erased since.
    tracing::info!(%account, %bank, whole = reach == Reach::Account, "a person was erased");
    page(&ErasedPage {
        page: visitor_frame(&request),
        kept: lines(&kept),
        is_whole: reach == Reach::Account,
        bank_name: who.bank_name.clone(),
    })
}

//! `/practice/{id}/trust`: whom a practice books at once when they ask for a session of its own.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::form_fields::{RawForm, Typed};
use crate::ground::id::PracticeId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::people::practice::actions::{find_own_practice, stop_trusting, trust};
use crate::people::practice::store::refusals::{Colleague, list_colleagues};
use crate::people::practice::store::trust::{Trusted, list_trusted};
use crate::people::practice::{Practice, Trust};
use crate::terms::bank::store::list_roles_in_use;

/// Clinicians that one search shows.
const MOST_FOUND: i64 = 20;

/// What follows `/practice/{id}/trust?`.
#[derive(Debug, Deserialize)]
pub struct TrustQuery {
    #[serde(default)]
    search: Typed,
}

#[derive(Template)]
#[template(path = "people/practice/pages/trust.html")]
struct TrustPage {
    page: PageFrame,
    practice: Practice,
    path: String,
    search: String,
    trusted: Vec<Trusted>,
    roles: Vec<Choice>,
    found: Vec<Colleague>,
}

/// `GET /practice/{id}/trust`: whom the practice books at once, and a search among the bank's clinicians.
pub async fn trust_page(
    who: Admitted,
    id: web::Path<PracticeId>,
    query: web::Query<TrustQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let search = query.search.trim().to_owned();
    let tx = &mut app.db.look(&who).await?;
    let practice = find_own_practice(tx, *id).await?;
    let trusted = list_trusted(tx, *id).await?;
    let roles = list_roles_in_use(tx, words::london_date(app.clock.now())).await?;
    let found =
        if search.is_empty() { Vec::new() } else { list_colleagues(tx, *id, &search, MOST_FOUND).await? };
    let is_new = |code: &str| !trusted.iter().any(|it| it.role.as_deref() == Some(code));
    let roles = roles.iter().filter(|role| is_new(&role.code));
    page(&TrustPage {
        page: who.frame(&request),
        path: format!("/practice/{}/trust", practice.id),
        practice,
        search,
        roles: roles.map(|role| Choice::new(&role.code, &role.name, false)).collect(),
        found: found
            .into_iter()
            .filter(|it| !trusted.iter().any(|one| one.clinician_id == Some(it.id)))
            .collect(),
        trusted,
    })
}

/// Whom a form names.
fn named(form: &RawForm) -> Result<Trust, AppError> {
    match (form.get("clinician").parse(), form.get("role")) {
        (Ok(clinician), _) => Ok(Trust::Clinician(clinician)),
        (Err(_), role) if !role.is_empty() => Ok(Trust::Role(role.to_owned())),
        _ => Err(AppError::NotFound),
    }
}

/// `POST /practice/{id}/trust`: books them at once from now on.
pub async fn begin(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (id, whom) = (*id, named(&form)?);
    app.db.change(&who, async |tx| trust(tx, id, &whom).await).await?;
    Ok(see_told(&format!("/practice/{id}/trust"), "They are booked at once from now on."))
}

/// `POST /practice/{id}/trust/end`: has their requests wait for an answer again.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (id, whom) = (*id, named(&form)?);
    app.db.change(&who, async |tx| stop_trusting(tx, id, &whom).await).await?;
    Ok(see_told(&format!("/practice/{id}/trust"), "Their requests wait for your answer again."))
}

//! `/practice/{id}/preferred`: the lists of people whom a practice would rather have.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::form_fields::{RawForm, Typed, text};
use crate::ground::id::{ClinicianId, PracticeId, PreferredListId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::people::practice::actions::{find_own_practice, make_list, prefer, prefer_no_more, remove_list};
use crate::people::practice::store::preferred::list_lists;
use crate::people::practice::store::refusals::{Colleague, list_colleagues};
use crate::people::practice::{Practice, PreferredList};

/// Clinicians that one search shows.
const MOST_FOUND: i64 = 20;

/// The most letters of a list's name.
const MOST_LETTERS: usize = 60;

/// What follows `/practice/{id}/preferred?`.
#[derive(Debug, Deserialize)]
pub struct PreferredQuery {
    #[serde(default)]
    search: Typed,
}

#[derive(Template)]
#[template(path = "people/practice/pages/preferred.html")]
struct PreferredPage {
    page: PageFrame,
    practice: Practice,
    path: String,
    lists: Vec<PreferredList>,
    search: String,
    found: Vec<Colleague>,
}

/// `GET /practice/{id}/preferred`: the lists, and a search among the bank's clinicians.
pub async fn preferred_page(
    who: Admitted,
    id: web::Path<PracticeId>,
    query: web::Query<PreferredQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let search = query.search.trim().to_owned();
    let tx = &mut app.db.look(&who).await?;
    let practice = find_own_practice(tx, *id).await?;
    let lists = list_lists(tx, *id).await?;
    let found =
        if search.is_empty() { Vec::new() } else { list_colleagues(tx, *id, &search, MOST_FOUND).await? };
    page(&PreferredPage {
        page: who.frame(&request),
        path: format!("/practice/{}/preferred", practice.id),
        practice,
        lists,
        search,
        found,
    })
}

/// Who is to be put on which list, or taken off it.
fn named(form: &RawForm) -> Result<(PreferredListId, ClinicianId), AppError> {
    let list = form.get("list").parse().map_err(|_no_list| AppError::NotFound)?;
    Ok((list, form.get("clinician").parse().map_err(|_nobody| AppError::NotFound)?))
}

/// `POST /practice/{id}/preferred/lists`: begins a list.
pub async fn begin(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let name = text(form.get("name"), MOST_LETTERS);
    let name =
        name.map_err(|wrong| AppError::BadRequest(format!("{}.", wrong.sentence("name of the list"))))?;
    app.db.change(&who, async |tx| make_list(tx, id, &name).await).await?;
    Ok(see_told(
        &format!("/practice/{id}/preferred"),
        format!("The list {name} is there. Search for people to put on it."),
    ))
}

/// `POST /practice/{id}/preferred/lists/remove`: removes a list.
pub async fn remove(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let list = form.get("list").parse().map_err(|_no_list| AppError::NotFound)?;
    app.db.change(&who, async |tx| remove_list(tx, id, list).await).await?;
    Ok(see_told(&format!("/practice/{id}/preferred"), "The list is removed."))
}

/// `POST /practice/{id}/preferred`: puts somebody on a list.
pub async fn put(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let whom = named(&form)?;
    app.db.change(&who, async |tx| prefer(tx, id, whom).await).await?;
    Ok(see_told(&format!("/practice/{id}/preferred"), "They are on your list."))
}

/// `POST /practice/{id}/preferred/remove`: takes somebody off a list.
pub async fn take_off(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let whom = named(&form)?;
    app.db.change(&who, async |tx| prefer_no_more(tx, id, whom).await).await?;
    Ok(see_told(&format!("/practice/{id}/preferred"), "They are off your list."))
}

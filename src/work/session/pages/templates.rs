//! Templates: what was checked is kept under a name, and forgotten again.

use actix_web::{HttpRequest, HttpResponse};

use crate::ground::form_fields::{RawForm, text};
use crate::ground::id::{PracticeId, SessionTemplateId};
use crate::ground::not_done::NotDone;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::work::session::actions::template::{remove_template, save_template};
use crate::work::session::forms::SENT_NAMES;
use crate::work::session::forms::template::fields_kept;
use crate::work::session::template::NewTemplate;

/// The most letters of a name.
const MOST_LETTERS: usize = 60;

fn new_template(form: &RawForm) -> Result<NewTemplate, AppError> {
    let name = text(form.get("template"), MOST_LETTERS);
    let name =
        name.map_err(|wrong| AppError::BadRequest(format!("{}.", wrong.sentence("name of the template"))))?;
    Ok(NewTemplate { name, fields: fields_kept(form, &SENT_NAMES) })
}

/// `POST /sessions/templates`: keeps what was checked under a name.
pub async fn save(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let practice: PracticeId = form.get("practice").parse().map_err(|_no_practice| AppError::ForeignForm)?;
    let new = new_template(&form)?;
    app.db.change(&who, async |tx| save_template(tx, practice, &new).await).await?;
    Ok(see_told("/sessions/new", format!("The template {} is saved", new.name)))
}

/// `POST /sessions/templates/remove`: forgets one.
pub async fn remove(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: SessionTemplateId = form.get("template").parse().map_err(|_no_template| AppError::ForeignForm)?;
    match app.db.change(&who, async |tx| remove_template(tx, id).await).await {
        Ok(()) => Ok(see_told("/sessions/new", "The template is removed")),
        Err(NotDone::NotFound) => Ok(see_told("/sessions/new", "There is no such template any more")),
        Err(error) => Err(error.into()),
    }
}

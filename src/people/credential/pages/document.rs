//! Where a bank administrator records the documents and dated skills they have seen.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::clearance::record_of;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::id::ClinicianId;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::credential::forms::{DocumentField, parse_document};
use crate::people::credential::{Record, actions};
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_competencies_in_use;
use crate::terms::bank::{Competency, CompetencyKind};

/// What follows `/clinicians/{id}/documents/new?`.
#[derive(Debug, Deserialize)]
pub struct DocumentQuery {
    #[serde(default)]
    competency: Typed,
}

#[derive(Template)]
#[template(path = "people/credential/pages/document.html")]
struct DocumentPage {
    page: PageFrame,
    name: String,
    path: String,
    choices: Vec<Choice>,
    valid: RawDate,
    never_ends: bool,
    held: Option<HeldNow>,
    errors: FieldErrors<DocumentField>,
}

/// What is recorded already of the thing that was chosen.
struct HeldNow {
    code: String,
    name: String,
    valid: String,
}

fn document_page(
    page: PageFrame,
    record: &Record,
    known: &[Competency],
    form: &RawForm,
    errors: FieldErrors<DocumentField>,
) -> DocumentPage {
    let chosen = form.get("competency");
    let kinds = [CompetencyKind::Document, CompetencyKind::Skill, CompetencyKind::System];
    let of_kind = |kind| known.iter().filter(move |competency| competency.kind == kind);
    let choice = |known: &Competency| Choice::new(&known.code, &known.name, known.code == chosen);
    let mut choices = vec![Choice::new("", "Choose one", chosen.is_empty())];
    choices.extend(kinds.into_iter().flat_map(of_kind).map(choice));
    let held = record.held.iter().find(|held| held.code == chosen).map(|held| HeldNow {
        code: held.code.clone(),
        name: held.name.clone(),
        valid: held.valid_through.map_or("It does not end".to_owned(), |last| {
            format!("Its last day is {}", words::date_without_weekday(last))
        }),
    });
    DocumentPage {
        page,
        name: record.clinician.name.clone(),
        path: format!("/clinicians/{}", record.clinician.id),
        choices,
        valid: form.date("valid"),
        never_ends: form.is_ticked("forever", "yes"),
        held,
        errors,
    }
}

async fn competencies(who: &Admitted, request: &HttpRequest) -> Result<Vec<Competency>, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    Ok(list_competencies_in_use(tx, local_date(who.time_zone, app.clock.now())).await?)
}

/// `GET /clinicians/{id}/documents/new`.
pub async fn document_form(
    who: Admitted,
    path: web::Path<ClinicianId>,
    query: web::Query<DocumentQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, _) = record_of(&who, *path, &request).await?;
    let known = competencies(&who, &request).await?;
    let form = RawForm::from_pairs(vec![("competency".to_owned(), query.into_inner().competency.into())]);
    let frame = who.frame(&request);
    page(&document_page(frame, &record, &known, &form, FieldErrors::none()))
}

/// `POST /clinicians/{id}/documents`: records it, or puts a new date in the place of the one known before.
pub async fn record_document(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (record, today) = record_of(&who, *path, &request).await?;
    let known = competencies(&who, &request).await?;
    let held = match parse_document(&form, &known, today) {
        Ok(held) => held,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&document_page(frame, &record, &known, &form, errors));
        }
    };
    let id = record.clinician.id;
    let reliants = app.reliants().with_consent_to(seen(&form));
    let recorded =
        app.db.change(&who, async |tx| actions::document::record_document(tx, &reliants, id, &held).await);
    if let Err(error) = recorded.await {
        return ask_first(error, &request, (&who, &form), back_to(id));
    }
    Ok(see_told(&format!("/clinicians/{id}"), "The record is saved"))
}

/// `POST /clinicians/{id}/documents/remove`: for a record made by mistake.
pub async fn remove_document(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *path;
    let competency = form.get("competency");
    let reliants = app.reliants().with_consent_to(seen(&form));
    let removed = app
        .db
        .change(&who, async |tx| actions::document::remove_document(tx, &reliants, id, competency).await);
    if let Err(error) = removed.await {
        return ask_first(error, &request, (&who, &form), back_to(id));
    }
    Ok(see_told(&format!("/clinicians/{id}"), "The record is removed"))
}

fn back_to(clinician: ClinicianId) -> Link {
    Link::new("Clinician", format!("/clinicians/{clinician}"))
}

//! An administrator looks at a document: verified with its last day, or sent back with what is wrong.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::line::DocumentLine;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm};
use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::document::actions::decide::{self, NotDecided};
use crate::people::document::forms::{DocumentField, parse_sent_back, parse_verified};
use crate::people::document::store::find_document;
use crate::people::document::{Document, State};
use crate::terms::bank::calendar::local_date;

type Which = (ClinicianId, DocumentId);

#[derive(Template)]
#[template(path = "people/document/pages/decide.html")]
struct DecidePage {
    page: PageFrame,
    name: String,
    person_href: String,
    path: String,
    line: DocumentLine,
    last_day_is: &'static str,
    viruses: &'static str,
    waits: bool,
    valid: RawDate,
    never_ends: bool,
    reason: String,
    errors: FieldErrors<DocumentField>,
}

impl DecidePage {
    fn of(page: PageFrame, document: &Document, now: DateTime<Utc>) -> Self {
        let path = path_of((document.clinician, document.id));
        let waits = document.state == State::Waiting;
        Self {
            page,
            name: document.clinician_name.clone(),
            person_href: format!("/clinicians/{}", document.clinician),
            line: DocumentLine::of(document, &path, now),
            path,
            last_day_is: if waits { "Last day, as they read it" } else { "Last day" },
            viruses: if document.is_virus_checked {
                "Looked for, and none found"
            } else {
                "Nobody has looked: open the file with care"
            },
            waits,
            valid: document.said_valid_through.map(RawDate::of).unwrap_or_default(),
            never_ends: document.said_valid_through.is_none(),
            reason: String::new(),
            errors: FieldErrors::none(),
        }
    }

    fn with(self, form: &RawForm, errors: FieldErrors<DocumentField>) -> Self {
        let is_sent_back = errors.has(DocumentField::Reason);
        Self {
            valid: if is_sent_back { self.valid } else { form.date("valid") },
            never_ends: if is_sent_back { self.never_ends } else { form.is_ticked("forever", "yes") },
            reason: form.get("reason").to_owned(),
            errors,
            ..self
        }
    }
}

fn path_of((clinician, document): Which) -> String {
    format!("/clinicians/{clinician}/documents/{document}")
}

async fn decide_page(who: &Admitted, which: Which, request: &HttpRequest) -> Result<DecidePage, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    let document = find_document(tx, which.0, which.1).await?.ok_or(AppError::NotFound)?;
    Ok(DecidePage::of(who.frame(request), &document, app.clock.now()))
}

/// `GET /clinicians/{id}/documents/{document}`.
pub async fn show(
    who: Admitted,
    path: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&decide_page(&who, *path, &request).await?)
}

/// `POST /clinicians/{id}/documents/{document}/verify`: shows first what falls with it where the new last day is earlier
/// than the one before.
pub async fn verify(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let shown = decide_page(&who, *path, &request).await?;
    let valid_through = match parse_verified(&form, local_date(who.time_zone, app.clock.now())) {
        Ok(valid_through) => valid_through,
        Err(errors) => return page_with_errors(&shown.with(&form, errors)),
    };
    let reliants = app.reliants().with_consent_to(seen(&form));
    let which = *path;
    let decided =
        app.db.change(&who, async |tx| decide::verify(tx, &reliants, which, valid_through).await).await;
    match decided {
        Ok(()) => Ok(see_told(&shown.person_href, format!("{} is verified and recorded", shown.line.name))),
        Err(NotDecided::Reliance(error)) => {
            ask_first(error, &request, (&who, &form), Link::new("Document", path_of(which)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /clinicians/{id}/documents/{document}/send-back`.
pub async fn send_back(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let shown = decide_page(&who, *path, &request).await?;
    let reason = match parse_sent_back(&form) {
        Ok(reason) => reason,
        Err(errors) => return page_with_errors(&shown.with(&form, errors)),
    };
    let (letterhead, which) = (app.letterhead(), *path);
    app.db.change(&who, async |tx| decide::send_back(tx, &letterhead, which, &reason).await).await?;
    let told = format!("{} is sent back, and {} is told by email", shown.line.name, shown.name);
    Ok(see_told(&shown.person_href, told))
}

impl From<NotDecided> for AppError {
    fn from(error: NotDecided) -> Self {
        match error {
            NotDecided::NotWaiting => Self::conflict(
                "This document does not wait any more",
                "Somebody has decided about it, or a newer one has taken its place. Nothing has been changed.",
            ),
            NotDecided::NotDone(error) => error.into(),
            NotDecided::Reliance(error) => error.into(),
            NotDecided::Unwritten(error) => Self::internal("writing a mail about a document", error),
            NotDecided::Database(error) => error.into(),
        }
    }
}

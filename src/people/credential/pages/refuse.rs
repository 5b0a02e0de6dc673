//! Where a bank administrator refuses to clear somebody, with the reason that they are told.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::clearance::{after_of, decided_meanwhile, record_of};
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::ClinicianId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::credential::Record;
use crate::people::credential::actions::refuse::{NotRefused, refuse_clearance};
use crate::people::credential::forms::{ClearField, parse_ending};

#[derive(Template)]
#[template(path = "people/credential/pages/refuse.html")]
struct RefusePage {
    page: PageFrame,
    name: String,
    path: String,
    reason: String,
    /// What was decided last when the form was opened.
    after: String,
    errors: FieldErrors<ClearField>,
}

fn refuse_page(
    page: PageFrame,
    record: &Record,
    (reason, after): (&str, String),
    errors: FieldErrors<ClearField>,
) -> RefusePage {
    let path = format!("/clinicians/{}", record.clinician.id);
    RefusePage { page, name: record.clinician.name.clone(), path, reason: reason.to_owned(), after, errors }
}

/// `GET /clinicians/{id}/refuse`.
pub async fn refuse_form(
    who: Admitted,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, _) = record_of(&who, *path, &request).await?;
    let shown = ("", record.last_decision.to_string());
    page(&refuse_page(who.frame(&request), &record, shown, FieldErrors::none()))
}

/// `POST /clinicians/{id}/refuse`: they are told the reason.
pub async fn refuse(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (record, _) = record_of(&who, *path, &request).await?;
    let reason = match parse_ending(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&refuse_page(
                frame,
                &record,
                (form.get("reason"), form.get("after").to_owned()),
                errors,
            ));
        }
    };
    let (letterhead, id, said) = (app.letterhead(), *path, (reason.as_str(), after_of(&form)));
    app.db.change(&who, async |tx| refuse_clearance(tx, &letterhead, id, said).await).await?;
    let told = format!("{} is told by email that they are not cleared, and why", record.clinician.name);
    Ok(see_told(&format!("/clinicians/{id}"), told))
}

impl From<NotRefused> for AppError {
    fn from(error: NotRefused) -> Self {
        match error {
            NotRefused::Cleared => Self::conflict(
                "This clinician is cleared",
                "Nothing has been changed. End the clearance instead, where it has to end.",
            ),
            NotRefused::Overtaken => decided_meanwhile(),
            NotRefused::NotDone(error) => error.into(),
            NotRefused::Unwritten(error) => Self::internal("writing a mail about a refusal", error),
            NotRefused::Database(error) => error.into(),
        }
    }
}

//! Where a bank administrator records what a professional register says of somebody.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::clearance::record_of;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm};
use crate::ground::id::ClinicianId;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::credential::Record;
use crate::people::lookup::Outcome;
use crate::people::lookup::actions::{NewLookup, NotRecorded, record_look_up};
use crate::people::lookup::forms::{LookUpEntered, LookUpField, parse_look_up};

#[derive(Template)]
#[template(path = "people/credential/pages/look_up.html")]
struct LookUpPage {
    page: PageFrame,
    name: String,
    path: String,
    register: String,
    number: String,
    newest: String,
    choices: Vec<Choice>,
    name_on_register: String,
    /// Whose name it is compared with.
    name_hint: String,
    on: RawDate,
    errors: FieldErrors<LookUpField>,
}

/// The register of somebody's role and their number on it. Without one there is nothing to look up.
fn number_of(record: &Record) -> Result<(String, String), AppError> {
    let register = record.role.regulator.clone().zip(record.clinician.registration_number.clone());
    register.ok_or_else(|| {
        AppError::conflict(
            format!("{} has given no registration number", record.clinician.name),
            "There is nothing to look up until they have given it under “My details”.",
        )
    })
}

fn look_up_page(
    page: PageFrame,
    record: &Record,
    (register, number): (String, String),
    (form, on): (&RawForm, RawDate),
    errors: FieldErrors<LookUpField>,
) -> LookUpPage {
    let chosen = form.get("outcome");
    let choice = |outcome: Outcome| Choice::new(outcome.code(), outcome.name(), outcome.code() == chosen);
    LookUpPage {
        page,
        name: record.clinician.name.clone(),
        name_hint: format!("Only where it is another than {}", record.clinician.name),
        path: format!("/clinicians/{}", record.clinician.id),
        newest: record.lookup.as_ref().map(crate::people::lookup::Lookup::sentence).unwrap_or_default(),
        choices: Outcome::ALL.into_iter().map(choice).collect(),
        name_on_register: form.get("name").to_owned(),
        on,
        register,
        number,
        errors,
    }
}

/// `GET /clinicians/{id}/look-up`.
pub async fn look_up_form(
    who: Admitted,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, today) = record_of(&who, *path, &request).await?;
    let shown = (&RawForm::default(), RawDate::of(today));
    let number = number_of(&record)?;
    page(&look_up_page(who.frame(&request), &record, number, shown, FieldErrors::none()))
}

/// `POST /clinicians/{id}/look-up`: shows first what is offered and booked that falls with it.
pub async fn look_up(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (record, today) = record_of(&who, *path, &request).await?;
    let number = number_of(&record)?;
    let entered = match parse_look_up(&form, today) {
        Ok(entered) => entered,
        Err(errors) => {
            let shown = (&form, form.date("on"));
            return page_with_errors(&look_up_page(who.frame(&request), &record, number, shown, errors));
        }
    };
    let (new, told) =
        (new_lookup(&record, number, entered), format!("{}: look-up recorded", record.clinician.name));
    let reliants = app.reliants().with_consent_to(seen(&form));
    let recorded = app.db.change(&who, async |tx| record_look_up(tx, &reliants, &new).await).await;
    match recorded {
        Ok(()) => Ok(see_told(&format!("/clinicians/{}", new.clinician), told)),
        Err(NotRecorded::Fact(error)) => {
            let back = Link::new("Clinician", format!("/clinicians/{}", new.clinician));
            ask_first(error, &request, (&who, &form), back)
        }
        Err(error) => Err(error.into()),
    }
}

fn new_lookup(record: &Record, (register, number): (String, String), entered: LookUpEntered) -> NewLookup {
    NewLookup {
        clinician: record.clinician.id,
        register,
        number,
        outcome: entered.outcome,
        name_on_register: entered.name_on_register,
        looked_up_on: entered.looked_up_on,
        source: String::new(),
    }
}

impl From<NotRecorded> for AppError {
    fn from(error: NotRecorded) -> Self {
        match error {
            NotRecorded::OtherNumber => Self::conflict(
                "They have given another number meanwhile",
                "Nothing has been recorded. Go back to the clinician, and look the new number up.",
            ),
            NotRecorded::Fact(error) => error.into(),
            NotRecorded::Unwritten(error) => Self::internal("writing a mail about a look-up", error),
            NotRecorded::Database(error) => error.into(),
        }
    }
}

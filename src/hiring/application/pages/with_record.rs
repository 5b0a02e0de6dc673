//! A clinician of a bank applies with their record: what the bank knows of them goes with it, and they need say no more.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Statement, frame, statements, vacancy_of};
use crate::ground::actor::Actor;
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{ApplicationId, ApplicationLinkId, VacancyId};
use crate::ground::mail::links::application_token;
use crate::ground::sign_in::SignedIn;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words::date_without_weekday;
use crate::hiring::application::actions::send::{WithRecord, send_with_record};
use crate::hiring::application::forms::{ApplicationField, Record, parse_with_record};
use crate::hiring::application::store::record::{OnRecord, find_own_record};
use crate::hiring::search::store::Advertised;

#[derive(Template)]
#[template(path = "hiring/application/pages/with_record.html")]
struct RecordPage {
    page: PageFrame,
    title: String,
    practice: String,
    vacancy_href: String,
    path: String,
    record: Record,
    statements: Vec<Statement>,
    is_disability_confident: bool,
    raw: RawForm,
    errors: FieldErrors<ApplicationField>,
}

/// What a record says, in a sentence.
fn on_record(found: OnRecord) -> Record {
    let on_record = match found.works_until {
        Some(until) => {
            format!("Cleared by {} as {} until {}", found.bank, found.role, date_without_weekday(until))
        }
        None => format!("A clinician of {}: {}, not cleared at the moment", found.bank, found.role),
    };
    Record {
        name: found.name,
        email: found.email.to_lowercase(),
        registration: found.registration_number,
        on_record,
    }
}

async fn record_of(tx: &mut Tx) -> Result<Record, AppError> {
    find_own_record(tx).await?.map(on_record).ok_or(AppError::NotFound)
}

fn record_page(
    request: &HttpRequest,
    (id, vacancy): (VacancyId, &Advertised),
    record: Record,
    raw: RawForm,
    errors: FieldErrors<ApplicationField>,
) -> RecordPage {
    RecordPage {
        page: frame(request, vacancy),
        title: vacancy.advert.title.clone(),
        practice: vacancy.practice().to_owned(),
        vacancy_href: format!("/vacancies/{id}"),
        path: format!("/vacancies/{id}/apply-with-record"),
        record,
        statements: statements(vacancy, &raw),
        is_disability_confident: vacancy.advert.is_disability_confident,
        raw,
        errors,
    }
}

/// The page on which a clinician sees what would be sent.
pub(super) async fn show(
    who: &SignedIn,
    of: (VacancyId, &Advertised),
    request: &HttpRequest,
) -> Result<HttpResponse, AppError> {
    let record = record_of(&mut app_of(request)?.db.look(who).await?).await?;
    page(&record_page(request, of, record, RawForm::default(), FieldErrors::none()))
}

/// `POST /vacancies/{id}/apply-with-record`: sends it.
pub async fn send(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (record, vacancy) = {
        let tx = &mut app.db.look(&who).await?;
        (record_of(tx).await?, vacancy_of(tx, id).await?)
    };
    let answers = match parse_with_record(&form, &vacancy.advert, &record) {
        Ok(answers) => answers,
        Err(errors) => {
            return page_with_errors(&record_page(&request, (id, &vacancy), record, form, errors));
        }
    };
    let (application, link) = (ApplicationId::new(), ApplicationLinkId::new());
    let (account, email) = (who.account, record.email.as_str());
    let with = WithRecord { id: application, link, vacancy: id, account, email };
    let (key, letterhead) = (&app.link_key, app.letterhead());
    let applicant = Actor::Applicant { bank: vacancy.bank_id, application };
    app.db
        .change(applicant, async |tx| send_with_record(tx, (key, &letterhead), &with, &answers).await)
        .await?;
    let path = format!("/application/{}", application_token(key, link));
    Ok(see_told(&path, "Your application is sent. A copy is on its way to you by email."))
}

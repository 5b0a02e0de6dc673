//! `/vacancies/{id}/apply`: somebody says at which address they apply, and is sent a link; a clinician who is signed in
//! applies with their record instead.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{closed, frame, vacancy_of, with_record};
use crate::ground::actor::Actor;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::VacancyId;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, app_of};
use crate::ground::web::told::{is_told, see_told};
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::hiring::application::actions::begin::{Asked, ask_for_link};
use crate::hiring::application::forms::{ApplicationField, parse_address};
use crate::hiring::application::{Door, door};
use crate::hiring::search::store::Advertised;
use crate::people::account::attempt::Attempt;
use crate::people::account::pages::network_address;

#[derive(Template)]
#[template(path = "hiring/application/pages/ask.html")]
struct AskPage {
    page: PageFrame,
    title: String,
    practice: String,
    vacancy_href: String,
    path: String,
    closes: String,
    is_asked: bool,
    raw: RawForm,
    errors: FieldErrors<ApplicationField>,
}

impl AskPage {
    fn new(
        request: &HttpRequest,
        (id, vacancy): (VacancyId, &Advertised),
        raw: RawForm,
        errors: FieldErrors<ApplicationField>,
    ) -> Result<Self, AppError> {
        let now = app_of(request)?.clock.now();
        Ok(Self {
            page: frame(request, vacancy),
            title: vacancy.advert.title.clone(),
            practice: vacancy.practice().to_owned(),
            vacancy_href: format!("/vacancies/{id}"),
            path: format!("/vacancies/{id}/apply"),
            closes: words::deadline(vacancy.times().end(), now),
            is_asked: is_told(request) && errors.is_empty(),
            raw,
            errors,
        })
    }
}

/// `GET /vacancies/{id}/apply`.
pub async fn show(
    MaybeSignedIn(who): MaybeSignedIn,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let vacancy = vacancy_of(&mut app.db.look(Actor::Visitor).await?, *id).await?;
    if door(&vacancy.times(), now, now) != Door::Open {
        return Err(closed());
    }
    match who.filter(|who| who.kind == PersonKind::Clinician) {
        Some(who) => with_record::show(&who, (*id, &vacancy), &request).await,
        None => page(&AskPage::new(&request, (*id, &vacancy), RawForm::default(), FieldErrors::none())?),
    }
}

/// `POST /vacancies/{id}/apply`: has a link sent to the address. The answer is the same whatever the address.
pub async fn ask(
    id: web::Path<VacancyId>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let raw = read_form(&request, &mut payload.into_inner()).await?;
    let now = app.clock.now();
    let vacancy = vacancy_of(&mut app.db.look(Actor::Visitor).await?, id).await?;
    if door(&vacancy.times(), now, now) != Door::Open {
        return Err(closed());
    }
    let email = match parse_address(&raw) {
        Ok(email) => email,
        Err(errors) => return page_with_errors(&AskPage::new(&request, (id, &vacancy), raw, errors)?),
    };
    if Attempt::to_apply(&email, &network_address(app, &request)).is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let asked = Asked { bank: vacancy.bank_id, vacancy: id, email, at: now };
    app.db.change(Actor::link_holder(vacancy.bank_id), async |tx| ask_for_link(tx, &asked).await).await?;
    Ok(see_told(&format!("/vacancies/{id}/apply"), "We have your address."))
}

//! `/practice/{id}/extras`: what a practice pays beside the rate.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::PracticeId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::practice::Practice;
use crate::people::practice::actions::{decide_extra, find_own_practice};
use crate::people::practice::extras::{Extra, ExtraUnit, NewExtra};
use crate::people::practice::forms::extras::{ExtraField, parse_extra};
use crate::people::practice::store::extras::{DecidedExtra, list_decided_extras};

#[derive(Template)]
#[template(path = "people/practice/pages/extras.html")]
struct ExtrasPage {
    page: PageFrame,
    practice: Practice,
    lines: Vec<Line>,
    raw: RawForm,
    units: Vec<Choice>,
    errors: FieldErrors<ExtraField>,
}

struct Line {
    name: String,
    unit: &'static str,
    what: String,
    can_be_ended: bool,
}

fn line(extra: DecidedExtra) -> Line {
    let from = if extra.is_in_force {
        String::new()
    } else {
        format!(" from {}", words::date_without_weekday(extra.valid_from))
    };
    let what = match extra.pence_per_unit {
        Some(pence_per_unit) => {
            let priced = Extra { name: extra.name.clone(), unit: extra.unit, pence_per_unit };
            format!("{}{from}", priced.price_in_words())
        }
        None => format!("Not paid any more{from}"),
    };
    Line { can_be_ended: extra.pence_per_unit.is_some(), unit: extra.unit.code(), name: extra.name, what }
}

async fn template(
    app: &App,
    (who, request): (&Admitted, &HttpRequest),
    id: PracticeId,
    raw: RawForm,
    errors: FieldErrors<ExtraField>,
) -> Result<ExtrasPage, AppError> {
    let tx = &mut app.db.look(who).await?;
    let practice = find_own_practice(tx, id).await?;
    let decided = list_decided_extras(tx, id, words::london_date(app.clock.now())).await?;
    let chosen = raw.get("unit");
    let unit = |unit: ExtraUnit| Choice::new(unit.code(), unit.name(), unit.code() == chosen);
    Ok(ExtrasPage {
        page: who.frame(request),
        practice,
        lines: decided.into_iter().map(line).collect(),
        units: ExtraUnit::ALL.map(unit).to_vec(),
        raw,
        errors,
    })
}

/// `GET /practice/{id}/extras`.
pub async fn extras_page(
    who: Admitted,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    page(&template(app, (&who, &request), *id, RawForm::from_pairs(Vec::new()), FieldErrors::none()).await?)
}

/// `POST /practice/{id}/extras`: pays for something from a day on.
pub async fn decide(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let extra = match parse_extra(&form, words::london_date(app.clock.now())) {
        Ok(extra) => extra,
        Err(errors) => {
            return page_with_errors(&template(app, (&who, &request), id, form, errors).await?);
        }
    };
    app.db.change(&who, async |tx| decide_extra(tx, id, &extra).await).await?;
    Ok(see_told(&format!("/practice/{id}/extras"), "It counts for whoever is booked from that day on."))
}

/// `POST /practice/{id}/extras/end`: pays for something no more.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let unit = ExtraUnit::ALL.into_iter().find(|unit| unit.code() == form.get("unit"));
    let (name, unit) = (form.get("name").trim().to_owned(), unit.ok_or(AppError::NotFound)?);
    let valid_from = words::london_date(app.clock.now());
    let ended = NewExtra { name, unit, pence_per_unit: None, valid_from };
    app.db.change(&who, async |tx| decide_extra(tx, id, &ended).await).await?;
    Ok(see_told(&format!("/practice/{id}/extras"), "Whoever is booked from now on is not paid for it."))
}

//! The form of a vacancy: a draft is kept however much is missing; an advertised vacancy is changed when all of it can be
//! read.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::known;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::VacancyId;
use crate::ground::not_done::NotDone;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::hiring::vacancy::Contract;
use crate::hiring::vacancy::actions::draft::{begin_draft, change_draft};
use crate::hiring::vacancy::actions::find_own;
use crate::hiring::vacancy::actions::publish::change_advert;
use crate::hiring::vacancy::forms::{self, AdvertField, Known};
use crate::hiring::vacancy::hours::HoursUnit;
use crate::hiring::vacancy::pay::PayUnit;
use crate::hiring::vacancy::store::Draft;
use crate::hiring::vacancy::store::reference::PayBand;

#[derive(Template)]
#[template(path = "hiring/vacancy/pages/form.html")]
struct FormPage {
    page: PageFrame,
    /// Where it is sent; it lies below where it leads back to.
    path: String,
    back: String,
    is_advertised: bool,
    version: String,
    /// The practices to choose from, where there are several.
    practices: Vec<Choice>,
    roles: Vec<Choice>,
    groups: Vec<Choice>,
    contracts: Vec<Choice>,
    hours_units: Vec<Choice>,
    bands: Vec<Choice>,
    pay_units: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<AdvertField>,
}

/// Choices of a select, after one that says nothing.
fn chosen(first: &str, all: impl Iterator<Item = (String, String)>, value: &str) -> Vec<Choice> {
    let none = Choice::new("", first, value.is_empty());
    std::iter::once(none).chain(all.map(|(code, name)| Choice::new(&code, name, code == value))).collect()
}

/// A vacancy that a form is of.
struct Of {
    id: Option<VacancyId>,
    version: i32,
    is_advertised: bool,
}

const NEW: Of = Of { id: None, version: 0, is_advertised: false };

impl FormPage {
    fn new(page: PageFrame, of: &Of, raw: RawForm, known: &Known, errors: FieldErrors<AdvertField>) -> Self {
        let own = known.own.iter().map(|one| (one.id.to_string(), one.name.clone()));
        let practices = chosen("Select a practice", own, raw.get("practice"));
        let roles = known.roles.iter().map(|role| (role.code.clone(), role.name.clone()));
        let groups = known.groups.iter().map(|group| (group.code.clone(), group.name.clone()));
        let contracts = Contract::ALL.iter().map(|one| (one.code().to_owned(), one.name().to_owned()));
        let band = |band: &PayBand| {
            let (entry, top) =
                (words::pounds(band.entry_pence_per_year), words::pounds(band.top_pence_per_year));
            let sums = if entry == top { entry } else { format!("{entry} to {top}") };
            (band.band.clone(), format!("Band {}: {sums}", band.band))
        };
        let hours_unit =
            |one: &HoursUnit| Choice::new(one.code(), one.name(), raw.get("hours_unit") == one.code());
        let pay_unit = |one: &PayUnit| Choice::new(one.code(), one.name(), raw.get("pay_unit") == one.code());
        let back = of.id.map_or_else(|| "/your-vacancies".to_owned(), |id| format!("/your-vacancies/{id}"));
        Self {
            page,
            path: if of.id.is_some() { format!("{back}/change") } else { back.clone() },
            back,
            is_advertised: of.is_advertised,
            version: of.version.to_string(),
            practices: if known.own.len() > 1 { practices } else { Vec::new() },
            roles: chosen("Another, such as receptionist or practice manager", roles, raw.get("role")),
            groups: chosen("Select a staff group", groups, raw.get("staff_group")),
            contracts: chosen("Select a contract", contracts, raw.get("contract")),
            hours_units: HoursUnit::ALL.iter().map(hours_unit).collect(),
            bands: chosen("None", known.bands.iter().map(band), raw.get("pay_band")),
            pay_units: PayUnit::ALL.iter().map(pay_unit).collect(),
            raw,
            errors,
        }
    }
}

/// What follows `/your-vacancies/new?`.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    like: Option<VacancyId>,
}

/// What another vacancy says, without its dates.
fn without_dates(typed: &[(String, String)]) -> RawForm {
    let dates = ["starts-", "closes-", "interview_first-", "interview_last-"];
    let kept = typed.iter().filter(|(name, _)| !dates.iter().any(|date| name.starts_with(date)));
    RawForm::from_pairs(kept.cloned().collect())
}

/// `GET /your-vacancies/new`: an empty form, or one filled in like another vacancy of theirs.
pub async fn new_page(
    who: Admitted,
    query: web::Query<NewQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    let raw = match query.like {
        Some(id) => without_dates(&find_own(tx, id).await?.typed),
        None => RawForm::from_pairs(vec![("closes_time".to_owned(), "5pm".to_owned())]),
    };
    let known = known(tx, &raw).await?;
    page(&FormPage::new(who.frame(&request), &NEW, raw, &known, FieldErrors::none()))
}

/// `GET /your-vacancies/{id}/change`: the form as it was kept.
pub async fn change_page(
    who: Admitted,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    let vacancy = find_own(tx, *id).await?;
    let raw = RawForm::from_pairs(vacancy.typed);
    let known = known(tx, &raw).await?;
    let of = Of { id: Some(*id), version: vacancy.version, is_advertised: vacancy.published.is_some() };
    page(&FormPage::new(who.frame(&request), &of, raw, &known, FieldErrors::none()))
}

/// The draft that a form makes, where its practice is one of theirs.
fn draft(form: &RawForm, known: &Known) -> Result<Draft, FieldErrors<AdvertField>> {
    let practice = forms::posting_practice(form, &known.own);
    let practice = practice.ok_or_else(|| {
        FieldErrors::one(AdvertField::Practice, "Select the practice that posts this vacancy")
    })?;
    Ok(Draft { practice, title: forms::title_of(form), typed: forms::as_typed(form) })
}

/// `POST /your-vacancies`: keeps a new draft.
pub async fn begin(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let known = known(&mut app.db.look(&who).await?, &form).await?;
    if known.own.is_empty() {
        return Err(NotDone::NotFound.into());
    }
    let draft = match draft(&form, &known) {
        Ok(draft) => draft,
        Err(errors) => {
            return page_with_errors(&FormPage::new(who.frame(&request), &NEW, form, &known, errors));
        }
    };
    let id = app.db.change(&who, async |tx| begin_draft(tx, &draft).await).await?;
    Ok(see_told(&format!("/your-vacancies/{id}"), "Your draft is kept."))
}

/// `POST /your-vacancies/{id}/change`: keeps a draft, or changes what is advertised.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (is_advertised, known) = {
        let tx = &mut app.db.look(&who).await?;
        (find_own(tx, id).await?.published.is_some(), known(tx, &form).await?)
    };
    let version = form.get("version").parse().unwrap_or(0);
    let of = Of { id: Some(id), version, is_advertised };
    let told = if is_advertised {
        let new = match forms::parse(&form, &known, app.clock.now()) {
            Ok(new) => new,
            Err(errors) => return refused(&who, &request, &of, form, &known, errors),
        };
        let typed = forms::as_typed(&form);
        let change = async |tx: &mut _| change_advert(tx, (id, version), &typed, &new).await;
        changed(&app.db.change(&who, change).await?)
    } else {
        let draft = match draft(&form, &known) {
            Ok(draft) => draft,
            Err(errors) => return refused(&who, &request, &of, form, &known, errors),
        };
        app.db.change(&who, async |tx| change_draft(tx, (id, version), &draft).await).await?;
        "Your draft is kept.".to_owned()
    };
    Ok(see_told(&format!("/your-vacancies/{id}"), told))
}

fn refused(
    who: &Admitted,
    request: &HttpRequest,
    of: &Of,
    form: RawForm,
    known: &Known,
    errors: FieldErrors<AdvertField>,
) -> Result<HttpResponse, AppError> {
    page_with_errors(&FormPage::new(who.frame(request), of, form, known, errors))
}

/// What is told of a change.
fn changed(what: &[&str]) -> String {
    if what.is_empty() {
        "Nothing was different.".to_owned()
    } else {
        format!("Changed for everybody: {}.", words::list(what))
    }
}

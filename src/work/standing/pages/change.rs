//! The forms by which clinicians change what they have said of themselves.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::clinician::Engagement;
use crate::people::clinician::actions::{change_details, change_rates};
use crate::people::clinician::forms::{
    DetailsField, RateField, details_of, parse_details, parse_rates, rates_of,
};
use crate::people::credential::actions::document::declare_skills;
use crate::people::credential::store::record::Whose;
use crate::people::profile::Profile;
use crate::people::profile::store::load_profile;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_competencies;
use crate::terms::bank::{Band, Competency, CompetencyKind, InUse as _, Role};
use crate::terms::rate::RateRange;

/// The profile of whoever is signed in.
async fn own_profile(who: &Admitted, request: &HttpRequest) -> Result<Profile, AppError> {
    let app = app_of(request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let whose = Whose::Membership(who.membership);
    let tx = &mut app.db.look(who).await?;
    let profile = load_profile(tx, whose, today).await?;
    profile.ok_or(AppError::NotFound)
}

#[derive(Template)]
#[template(path = "work/standing/pages/details.html")]
struct DetailsPage {
    page: PageFrame,
    raw: RawForm,
    engagements: Vec<Choice>,
    registration_hint: String,
    has_register: bool,
    errors: FieldErrors<DetailsField>,
}

fn details_page(
    page: PageFrame,
    role: &Role,
    raw: RawForm,
    errors: FieldErrors<DetailsField>,
) -> DetailsPage {
    let choice = |engagement: Engagement| {
        let hint = match engagement {
            Engagement::Employed => "The law's hours count for you: 11 hours' rest and 48 hours a week",
            Engagement::SelfEmployed => "You set your own limits",
        };
        let is_chosen = raw.get("engagement") == engagement.code();
        Choice::new(engagement.code(), engagement.name(), is_chosen).with_hint(hint)
    };
    let example = role.register_example.as_deref().unwrap_or_default();
    DetailsPage {
        page,
        engagements: Engagement::ALL.into_iter().map(choice).collect(),
        registration_hint: format!(
            "Your {} number, like {example}",
            role.regulator.as_deref().unwrap_or_default()
        ),
        has_register: role.register_pattern.is_some(),
        raw,
        errors,
    }
}

/// `GET /me/details`.
pub async fn details_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let profile = own_profile(&who, &request).await?;
    let frame = who.frame(&request);
    page(&details_page(
        frame,
        &profile.record.role,
        details_of(&profile.record.clinician),
        FieldErrors::none(),
    ))
}

/// `POST /me/details`.
pub async fn save_details(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let profile = own_profile(&who, &request).await?;
    let details = match parse_details(&form, &profile.record.role) {
        Ok(details) => details,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&details_page(frame, &profile.record.role, form, errors));
        }
    };
    let reliants = app.reliants().with_consent_to(seen(&form));
    let saved = app.db.change(&who, async |tx| change_details(tx, &reliants, &details).await).await;
    if let Err(error) = saved {
        return ask_first(error, &request, (&who, &form), Link::new("My details", "/me"));
    }
    Ok(see_told("/me", "Your details are saved"))
}

#[derive(Template)]
#[template(path = "work/standing/pages/rates.html")]
struct RatesPage {
    page: PageFrame,
    lines: Vec<RateInput>,
    errors: FieldErrors<RateField>,
}

struct RateInput {
    label: &'static str,
    name: &'static str,
    value: String,
    hint: String,
}

fn rates_page(
    page: PageFrame,
    profile: &Profile,
    today: chrono::NaiveDate,
    raw: &RawForm,
    errors: FieldErrors<RateField>,
) -> RatesPage {
    let line = |band: Band| {
        let name = RateField(band).name();
        let range = profile.ranges.in_force(&profile.record.role.code, band, today);
        // A band in which nothing is paid and nothing has been asked would only be in the way.
        (range.is_some() || !raw.get(name).is_empty()).then(|| RateInput {
            label: band.name(),
            name,
            value: raw.get(name).to_owned(),
            hint: range.map_or("No range is published, so nothing is offered yet".to_owned(), |range| {
                format!("The commissioner pays {}", RateRange::span(range))
            }),
        })
    };
    RatesPage { page, lines: Band::ALL.into_iter().filter_map(line).collect(), errors }
}

/// `GET /me/rates`.
pub async fn rates_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let profile = own_profile(&who, &request).await?;
    let today = local_date(who.time_zone, app.clock.now());
    let frame = who.frame(&request);
    page(&rates_page(frame, &profile, today, &rates_of(&profile.record.rates), FieldErrors::none()))
}

/// `POST /me/rates`.
pub async fn save_rates(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let profile = own_profile(&who, &request).await?;
    let now = app.clock.now();
    let rates = match parse_rates(&form) {
        Ok(rates) => rates,
        Err(errors) => {
            let today = local_date(who.time_zone, now);
            let frame = who.frame(&request);
            return page_with_errors(&rates_page(frame, &profile, today, &form, errors));
        }
    };
    app.db.change(&who, async |tx| change_rates(tx, &rates).await).await?;
    Ok(see_told("/me", "Your rates are saved"))
}

#[derive(Template)]
#[template(path = "work/standing/pages/skills.html")]
struct SkillsPage {
    page: PageFrame,
    skills: Vec<Choice>,
    systems: Vec<Choice>,
}

/// `GET /me/skills`.
pub async fn skills_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let profile = own_profile(&who, &request).await?;
    let tx = &mut app.db.look(&who).await?;

    let today = local_date(who.time_zone, app.clock.now());
    let competencies = list_competencies(tx).await?;
    let held = |code: &str| profile.record.held.iter().find(|held| held.code == code);
    let is_open =
        |competency: &&Competency| held(&competency.code).is_none_or(|held| held.valid_through.is_none());
    let is_chosen_from = |it: &&Competency| it.is_used_on(today) || held(&it.code).is_some();
    let choices = |kind| {
        let of_kind = competencies
            .iter()
            .filter(|competency| competency.kind == kind)
            .filter(is_open)
            .filter(is_chosen_from);
        of_kind.map(|known| Choice::new(&known.code, &known.name, held(&known.code).is_some())).collect()
    };
    page(&SkillsPage {
        page: who.frame(&request),
        skills: choices(CompetencyKind::Skill),
        systems: choices(CompetencyKind::System),
    })
}

/// `POST /me/skills`. Codes that are no skill or system change nothing.
pub async fn save_skills(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let codes: Vec<String> =
        ["skill", "system"].iter().flat_map(|name| form.all(name)).map(str::to_owned).collect();
    let reliants = app.reliants().with_consent_to(seen(&form));
    let saved = app.db.change(&who, async |tx| declare_skills(tx, &reliants, &codes).await).await;
    if let Err(error) = saved {
        return ask_first(error, &request, (&who, &form), Link::new("My details", "/me"));
    }
    Ok(see_told("/me", "Your skills and systems are saved"))
}

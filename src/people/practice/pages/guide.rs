//! A practice's guide: what its managers say to those who come, and the page on which everybody in the bank reads it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::PracticeId;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::{PRACTICE_DATA_ATTRIBUTION, PageFrame};
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::practice::actions::{GuideNotChanged, change_guide, find_own_practice};
use crate::people::practice::forms::guide::{GuideField, parse_guide};
use crate::people::practice::guide::Guide;
use crate::people::practice::store::guide::{find_guide, is_side_of_booking};
use crate::people::practice::{Practice, store};
use crate::terms::bank::store::list_competencies;
use crate::terms::bank::{Competency, CompetencyKind};

#[derive(Template)]
#[template(path = "people/practice/pages/place.html")]
struct PlacePage {
    page: PageFrame,
    practice: Practice,
    clinical_system: String,
    facts: Vec<(&'static str, String)>,
    /// Whom to ask for on the day, where whoever reads it may know.
    contact: String,
}

/// The name of the clinical system that a guide or the register names.
pub(super) fn system_of(practice: &Practice, guide: &Guide, competencies: &[Competency]) -> String {
    let code = guide.clinical_system.as_deref().or(practice.clinical_system.as_deref());
    let named = competencies.iter().find(|competency| Some(competency.code.as_str()) == code);
    named.map_or("Not known", |system| &system.name).to_owned()
}

/// `GET /places/{id}`: what everybody in the bank may read of a practice, and whom to ask for on the day, where they have
/// to do with a live booking there or keep the bank's desk.
pub async fn place_page(
    who: Admitted,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let tx = &mut app.db.look(&who).await?;
    let practice = store::find_practice(tx, id).await?.ok_or(AppError::NotFound)?;
    let (guide, competencies) = (find_guide(tx, id).await?, list_competencies(tx).await?);
    let may_know =
        who.kind == PersonKind::BankAdministrator || is_side_of_booking(tx, id, who.account).await?;
    let frame = who.frame(&request);
    page(&PlacePage {
        page: if practice.is_from_register() {
            frame.with_attribution(PRACTICE_DATA_ATTRIBUTION)
        } else {
            frame
        },
        clinical_system: system_of(&practice, &guide, &competencies),
        facts: guide.for_everybody(),
        contact: if may_know { guide.contact() } else { String::new() },
        practice,
    })
}

#[derive(Template)]
#[template(path = "people/practice/pages/guide.html")]
struct GuidePage {
    page: PageFrame,
    practice: Practice,
    raw: RawForm,
    systems: Vec<Choice>,
    errors: FieldErrors<GuideField>,
}

/// The names and values of the form that a guide fills in.
fn filled_in(guide: &Guide) -> RawForm {
    let owned = str::to_owned;
    RawForm::from_pairs(vec![
        (owned("version"), guide.version.to_string()),
        (owned("phone"), guide.phone.clone()),
        (owned("system"), guide.clinical_system.clone().unwrap_or_default()),
        (owned("parking"), guide.parking.clone()),
        (owned("arrival"), guide.arrival.clone()),
        (owned("contact_name"), guide.contact_name.clone()),
        (owned("contact_phone"), guide.contact_phone.clone()),
    ])
}

fn systems_among(competencies: &[Competency]) -> impl Iterator<Item = &Competency> {
    competencies.iter().filter(|competency| competency.kind == CompetencyKind::System)
}

impl GuidePage {
    fn new(
        page: PageFrame,
        practice: Practice,
        raw: RawForm,
        competencies: &[Competency],
        errors: FieldErrors<GuideField>,
    ) -> Self {
        let chosen = raw.get("system");
        let system = |system: &Competency| Choice::new(&system.code, &system.name, system.code == chosen);
        let as_registered = Choice::new("", "As the national register says", chosen.is_empty());
        let systems = std::iter::once(as_registered).chain(systems_among(competencies).map(system)).collect();
        Self { page, practice, raw, systems, errors }
    }
}

/// `GET /practice/{id}/guide`: the form.
pub async fn guide_form(
    who: Admitted,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let tx = &mut app.db.look(&who).await?;
    let practice = find_own_practice(tx, id).await?;
    let (guide, competencies) = (find_guide(tx, id).await?, list_competencies(tx).await?);
    let (frame, raw) = (who.frame(&request), filled_in(&guide));
    page(&GuidePage::new(frame, practice, raw, &competencies, FieldErrors::none()))
}

/// `POST /practice/{id}/guide`: keeps it, or says that a colleague has changed it meanwhile.
pub async fn save_guide(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (practice, competencies) = {
        let tx = &mut app.db.look(&who).await?;
        (find_own_practice(tx, id).await?, list_competencies(tx).await?)
    };
    let version = form.get("version").parse().unwrap_or(0);
    let systems: Vec<&str> = systems_among(&competencies).map(|system| system.code.as_str()).collect();
    let guide = match parse_guide(&form, version, &systems) {
        Ok(guide) => guide,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&GuidePage::new(frame, practice, form, &competencies, errors));
        }
    };
    match app.db.change(&who, async |tx| change_guide(tx, id, &guide).await).await {
        Ok(()) => Ok(see_told("/practice", "What people read who come to your practice is saved")),
        Err(GuideNotChanged::Since) => Err(AppError::conflict(
            "A colleague has changed this meanwhile",
            "Open the form again, see what it says now, and enter yours again.",
        )),
        Err(GuideNotChanged::NotDone(error)) => Err(error.into()),
        Err(GuideNotChanged::Database(error)) => Err(error.into()),
    }
}

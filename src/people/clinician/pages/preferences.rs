//! `/me/practices`: the practices somebody prefers and those where they will not work.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::form_fields::Typed;
use crate::ground::id::PracticeId;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::people::clinician::actions::change_preference;
use crate::people::clinician::store::{NamedPreference, list_named_preferences};
use crate::people::clinician::{PreferenceKind, store};
use crate::people::practice::Practice;
use crate::people::practice::store::list_practices;

/// Practices that one search shows.
const MOST_FOUND: i64 = 20;

/// What follows `/me/practices?`.
#[derive(Debug, Deserialize)]
pub struct PreferencesQuery {
    #[serde(default)]
    search: Typed,
}

#[derive(Template)]
#[template(path = "people/clinician/pages/practices.html")]
struct PreferencesPage {
    page: PageFrame,
    search: String,
    said: Vec<NamedPreference>,
    found: Vec<Practice>,
    is_cut: bool,
}

/// `GET /me/practices`: what has been said, and a search by name, ODS code or postcode.
pub async fn preferences(
    who: Admitted,
    query: web::Query<PreferencesQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let search = query.search.trim().to_owned();
    let (membership, wanted) = (who.membership, search.clone());
    let tx = &mut app.db.look(&who).await?;
    let person = store::find_clinician_of_membership(tx, membership).await?;
    let id = person.ok_or(AppError::NotFound)?.id;
    let said = list_named_preferences(tx, id).await?;
    let found =
        if wanted.is_empty() { Vec::new() } else { list_practices(tx, &wanted, MOST_FOUND + 1, 0).await? };
    let (said, mut found) = (said, found);
    let is_cut = found.len() > usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(MOST_FOUND).unwrap_or(usize::MAX));
    found.retain(|practice| said.iter().all(|known| known.practice_id != practice.id));
    let frame = who.frame(&request);
    page(&PreferencesPage { page: frame, search, said, found, is_cut })
}

/// `POST /me/practices`: one practice, and what the person says of it now.
pub async fn save_preference(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let practice: PracticeId = form.get("practice").parse().map_err(|_no_id| AppError::NotFound)?;
    let kind = PreferenceKind::from_code(form.get("kind"));
    let reliants = app.reliants().with_consent_to(seen(&form));
    let said = (practice, kind);
    let saved = app.db.change(&who, async |tx| change_preference(tx, &reliants, said).await).await;
    if let Err(error) = saved {
        return ask_first(error, &request, (&who, &form), Link::new("Practices", "/me/practices"));
    }
    let said = match kind {
        Some(PreferenceKind::Preferred) => "You prefer this practice now",
        Some(PreferenceKind::Refused) => "You will not be offered sessions at this practice",
        None => "Your choice is taken back",
    };
    Ok(see_told("/me/practices", said))
}

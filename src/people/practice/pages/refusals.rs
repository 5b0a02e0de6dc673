//! `/practice/{id}/refusals`: the clinicians a practice does not take. Matching and booking leave them out; nobody tells
//! the clinician, and the reason is for the practice and the bank's administrators.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::id::{ClinicianId, PracticeId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::practice::actions::{find_own_practice, refuse_clinician, take_clinician_again};
use crate::people::practice::forms::{RefusalField, parse_refusal};
use crate::people::practice::store::refusals::{Colleague, RefusedClinician};
use crate::people::practice::{Practice, store};

/// Clinicians that one search shows.
const MOST_FOUND: i64 = 20;

/// What follows `/practice/{id}/refusals?`.
#[derive(Debug, Deserialize)]
pub struct RefusalsQuery {
    #[serde(default)]
    search: Typed,
}

#[derive(Template)]
#[template(path = "people/practice/pages/refusals.html")]
struct RefusalsPage {
    page: PageFrame,
    practice: Practice,
    path: String,
    search: String,
    refused: Vec<RefusedLine>,
    found: Vec<FoundLine>,
    is_cut: bool,
}

struct RefusedLine {
    person: RefusedClinician,
    since: String,
}

struct FoundLine {
    person: Colleague,
    href: String,
}

fn clinician_in(form: &RawForm) -> Result<ClinicianId, AppError> {
    form.get("clinician").parse().map_err(|_no_id| AppError::NotFound)
}

/// `GET /practice/{id}/refusals`: whom the practice does not take, and a search among the bank's clinicians.
pub async fn refusals_page(
    who: Admitted,
    path: web::Path<PracticeId>,
    query: web::Query<RefusalsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *path;
    let search = query.search.trim().to_owned();
    let tx = &mut app.db.look(&who).await?;
    let practice = find_own_practice(tx, id).await?;
    let refused = store::refusals::list_refused_clinicians(tx, &[id]).await?;
    let found = if search.is_empty() {
        Vec::new()
    } else {
        store::refusals::list_colleagues(tx, id, &search, MOST_FOUND + 1).await?
    };
    page(&RefusalsPage::of(who.frame(&request), practice, refused, (search, found)))
}

impl RefusalsPage {
    /// `found` is what the search found, with one more than is shown where there is more.
    fn of(
        page: PageFrame,
        practice: Practice,
        refused: Vec<RefusedClinician>,
        (search, found): (String, Vec<Colleague>),
    ) -> Self {
        let path = format!("/practice/{}/refusals", practice.id);
        let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
        let refused_line = |person: RefusedClinician| RefusedLine {
            since: words::date_without_weekday(words::london_date(person.refused_at)),
            person,
        };
        let found_line =
            |person: Colleague| FoundLine { href: format!("{path}/new?clinician={}", person.id), person };
        Self {
            page,
            practice,
            search,
            refused: refused.into_iter().map(refused_line).collect(),
            is_cut: found.len() > most,
            found: found.into_iter().take(most).map(found_line).collect(),
            path,
        }
    }
}

/// What follows `/practice/{id}/refusals/new?`.
#[derive(Debug, Deserialize)]
pub struct NewRefusalQuery {
    #[serde(default)]
    clinician: Typed,
}

#[derive(Template)]
#[template(path = "people/practice/pages/refusal.html")]
struct RefusalPage {
    page: PageFrame,
    practice: Practice,
    path: String,
    person: Colleague,
    effects: Vec<String>,
    reason: String,
    errors: FieldErrors<RefusalField>,
}

/// `GET /practice/{id}/refusals/new`: what it would do, and why they want it.
pub async fn refusal_form(
    who: Admitted,
    path: web::Path<PracticeId>,
    query: web::Query<NewRefusalQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = *path;
    page(&refusal_page(&who, &request, (id, &query.clinician), String::new(), FieldErrors::none()).await?)
}

async fn refusal_page(
    who: &Admitted,
    request: &HttpRequest,
    (id, clinician): (PracticeId, &str),
    reason: String,
    errors: FieldErrors<RefusalField>,
) -> Result<RefusalPage, AppError> {
    let app = app_of(request)?;
    let clinician: ClinicianId = clinician.parse().map_err(|_no_id| AppError::NotFound)?;
    let tx = &mut app.db.look(who).await?;
    let practice = find_own_practice(tx, id).await?;
    let person = store::refusals::find_colleague(tx, clinician).await?;
    let person = person.ok_or(AppError::NotFound)?;
    let offers = store::refusals::count_open_offers(tx, id, clinician).await?;
    let bookings = store::refusals::count_bookings_to_come(tx, id, clinician).await?;
    Ok(RefusalPage {
        page: who.frame(request),
        practice,
        path: format!("/practice/{id}/refusals"),
        person,
        effects: effects(offers, bookings),
        reason,
        errors,
    })
}

/// What happens to the offers and bookings there are, a sentence each.
fn effects(offers: i64, bookings: i64) -> Vec<String> {
    let mut sentences = Vec::new();
    if offers > 0 {
        let taken_back = words::count(
            offers,
            "offer of your sessions that waits for their answer is taken back",
            "offers of your sessions that wait for their answer are taken back",
        );
        sentences.push(format!("{}.", words::capitalised(&taken_back)));
    }
    if bookings > 0 {
        let stays =
            words::count(bookings, "booking of theirs with you stays", "bookings of theirs with you stay");
        sentences.push(format!("{}. Cancel it under Bookings if it has to end.", words::capitalised(&stays)));
    }
    sentences
}

/// `POST /practice/{id}/refusals`: the practice does not take a clinician any more. Saying it twice says it once.
pub async fn refuse(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let practice = *path;
    let reason = match parse_refusal(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let typed = form.get("reason").to_owned();
            let asked = (practice, form.get("clinician"));
            return page_with_errors(&refusal_page(&who, &request, asked, typed, errors).await?);
        }
    };
    let clinician = clinician_in(&form)?;
    let reliants = app.reliants();
    let refused = (practice, clinician);
    app.db.change(&who, async |tx| refuse_clinician(tx, &reliants, refused, &reason).await).await?;
    Ok(see_told(&format!("/practice/{practice}/refusals"), "The clinician will not be offered your sessions"))
}

/// `POST /practice/{id}/refusals/remove`: the practice takes a clinician again.
pub async fn remove_refusal(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let practice = *path;
    let clinician = clinician_in(&form)?;
    app.db.change(&who, async |tx| take_clinician_again(tx, practice, clinician).await).await?;
    Ok(see_told(
        &format!("/practice/{practice}/refusals"),
        "The clinician can be offered your sessions again",
    ))
}

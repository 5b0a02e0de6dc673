//! `/clearing`: who waits to be cleared, and everything that decides about them on one page.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, text_of_lines};
use crate::ground::id::ClinicianId;
use crate::ground::web::components::{Link, Pagination};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::{AskedPage, ListPage};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::document::last_day;
use crate::terms::bank::calendar::local_date;
use crate::terms::rules::LookUps;
use crate::terms::rules::store::load_look_ups;
use crate::work::standing::actions::{Cleared, clear_ready};
use crate::work::standing::store::waiting::{count_waiting, list_waiting};
use crate::work::standing::waiting::{Cause, Recorded, Waiting};

/// The most letters of a reason.
const MOST_LETTERS: usize = 500;

/// What follows `/clearing?`.
#[derive(Debug, Default, Deserialize)]
pub struct WaitingQuery {
    #[serde(default)]
    page: AskedPage,
}

/// The fields of the form that clears several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClearingField {
    Clinician,
    Reason,
}

impl Field for ClearingField {
    fn name(self) -> &'static str {
        match self {
            Self::Clinician => "clinician",
            Self::Reason => "reason",
        }
    }
}

#[derive(Template)]
#[template(path = "work/standing/pages/waiting.html")]
struct WaitingPage {
    page: PageFrame,
    caption: String,
    people: Vec<Person>,
    some_are_ready: bool,
    reason: String,
    pages: Pagination,
    errors: FieldErrors<ClearingField>,
}

/// Somebody who waits, in words.
struct Person {
    id: ClinicianId,
    name: String,
    href: String,
    waits: String,
    facts: Vec<(&'static str, String)>,
    open: Vec<String>,
    documents: Vec<Link>,
    /// Where a look-up of their number is recorded; "" where there is no number.
    look_up_href: String,
    is_ready: bool,
    is_chosen: bool,
}

fn person(it: Waiting, now: DateTime<Utc>, counts: (LookUps, NaiveDate), chosen: &[&str]) -> Person {
    let open = it.open(counts);
    let why = match it.cause {
        Cause::New => "has never been cleared",
        Cause::Number => "has another registration number since they were cleared",
        Cause::Document => "has handed in a document",
        Cause::Register => "their register says what it did not say when they were cleared",
    };
    let days = (words::london_date(now) - words::london_date(it.since)).num_days();
    let since = if days == 0 { "today".to_owned() } else { words::count(days, "day", "days") };
    let number = match (&it.role.regulator, &it.registration_number) {
        (None, _) => "No register for this role".to_owned(),
        (Some(register), Some(number)) => match &it.lookup {
            Some(lookup) => format!("{register} {number}. {}", lookup.sentence()),
            None => format!("{register} {number}"),
        },
        (Some(register), None) => format!("{register} number not given"),
    };
    let recorded: Vec<String> = it.recorded.iter().map(in_words).collect();
    let document = |document: crate::work::standing::waiting::WaitingDocument| {
        Link::new(document.name, format!("/clinicians/{}/documents/{}", it.clinician, document.id))
    };
    Person {
        id: it.clinician,
        href: format!("/clinicians/{}", it.clinician),
        look_up_href: match (&it.role.regulator, &it.registration_number) {
            (Some(_), Some(_)) => format!("/clinicians/{}/look-up", it.clinician),
            _ => String::new(),
        },
        waits: format!(
            "Waits {}: {why}",
            if days == 0 { "since today".to_owned() } else { format!("for {since}") }
        ),
        facts: vec![
            ("Role", it.role.name.clone()),
            ("Registration", number),
            ("Home", it.home_district.clone()),
            ("Recorded", if recorded.is_empty() { "No document".to_owned() } else { recorded.join("; ") }),
        ],
        is_ready: open.is_empty() && it.cause != Cause::Document,
        is_chosen: chosen.contains(&it.clinician.to_string().as_str()),
        documents: it.documents.into_iter().map(document).collect(),
        name: it.name,
        open,
    }
}

fn in_words(recorded: &Recorded) -> String {
    match recorded.valid_through {
        Some(_) => format!("{} until {}", recorded.name, last_day(recorded.valid_through)),
        None => recorded.name.clone(),
    }
}

async fn waiting_page(
    who: &Admitted,
    request: &HttpRequest,
    asked: AskedPage,
    (form, errors): (&RawForm, FieldErrors<ClearingField>),
) -> Result<WaitingPage, AppError> {
    let app = app_of(request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(who).await?;
    let total = count_waiting(tx).await?;
    let shown: ListPage = asked.of(total);
    let span = (shown.span().limit, shown.span().offset);
    let today = local_date(who.time_zone, now);
    let found = list_waiting(tx, today, span).await?;
    let look_ups = load_look_ups(tx).await?;
    let chosen = form.all("clinician");
    let people: Vec<Person> =
        found.into_iter().map(|it| person(it, now, (look_ups, today), &chosen)).collect();
    Ok(WaitingPage {
        page: who.frame(request),
        caption: words::capitalised(&words::count(total, "person waits", "people wait")),
        some_are_ready: people.iter().any(|person| person.is_ready),
        people,
        reason: form.get("reason").to_owned(),
        pages: shown.links(|number| format!("/clearing?page={number}")),
        errors,
    })
}

/// `GET /clearing`.
pub async fn waiting(
    who: Admitted,
    query: web::Query<WaitingQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let nothing = RawForm::default();
    page(&waiting_page(&who, &request, query.into_inner().page, (&nothing, FieldErrors::none())).await?)
}

/// `POST /clearing`: clears those who were chosen and about whom nothing is open.
pub async fn clear(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let mut errors = FieldErrors::none();
    let chosen: Vec<ClinicianId> = form.all("clinician").iter().filter_map(|id| id.parse().ok()).collect();
    if chosen.is_empty() {
        errors.add(ClearingField::Clinician, "Select whom to clear");
    }
    let reason =
        errors.keep(ClearingField::Reason, "reason", text_of_lines(form.get("reason"), MOST_LETTERS));
    let Ok(reason) = errors.clone().finish(reason) else {
        return page_with_errors(&waiting_page(&who, &request, AskedPage::default(), (&form, errors)).await?);
    };
    let reliants = app.reliants();
    let said = (reason.as_str(), who.name.as_str(), who.time_zone);
    let done = app.db.change(&who, async |tx| clear_ready(tx, &reliants, &chosen, said).await).await?;
    Ok(see_told("/clearing", told(done)))
}

fn told(done: Cleared) -> String {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let cleared = words::count(number(done.cleared), "clinician is cleared", "clinicians are cleared");
    match done.left {
        0 => words::capitalised(&cleared),
        left => {
            let left = words::count(number(left), "is left as it is", "are left as they are");
            format!("{}; {left}: something is open, or somebody has decided", words::capitalised(&cleared))
        }
    }
}

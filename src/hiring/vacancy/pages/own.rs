//! `/your-vacancies/{id}`: one vacancy as job seekers see it, or will, and what its practice can do with it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::{known, sentence, tag, waits};
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::VacancyId;
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::hiring::vacancy::actions::decide::{close_early, settle};
use crate::hiring::vacancy::actions::draft::remove_draft;
use crate::hiring::vacancy::actions::publish::publish;
use crate::hiring::vacancy::actions::{NotChanged, find_own};
use crate::hiring::vacancy::advert::{Advert, NewAdvert};
use crate::hiring::vacancy::forms::deciding::{OpensField, OutcomeField, parse_opening, parse_outcome};
use crate::hiring::vacancy::forms::{self, AdvertField, Known};
use crate::hiring::vacancy::shown::{Names, Shown};
use crate::hiring::vacancy::store::own::{list_changes, list_places_of_vacancy, list_places_of_work};
use crate::hiring::vacancy::{NotFilled, Outcome, Standing, Vacancy};

/// A vacancy as it is read for its page.
struct Read {
    vacancy: Vacancy,
    shown: Option<Shown>,
    missing: FieldErrors<AdvertField>,
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "hiring/vacancy/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    title: String,
    path: String,
    copy_href: String,
    /// Its page for everybody, where there is one now; else "".
    public_href: String,
    state: Tag,
    when: String,
    /// Who waits for an answer, or "".
    waiting: String,
    is_draft: bool,
    is_public: bool,
    is_closed: bool,
    version: String,
    read: Read,
    /// Why nobody was found, where that was said.
    reason: String,
    raw: RawForm,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    opens: Vec<Choice>,
    opening_errors: FieldErrors<OpensField>,
    outcome_errors: FieldErrors<OutcomeField>,
}

/// What the codes of an advert are called.
fn names(known: &Known, advert: &Advert) -> Names {
    let role = known.roles.iter().find(|role| Some(&role.code) == advert.role.as_ref());
    let group = known.groups.iter().find(|group| group.code == advert.staff_group);
    Names {
        role: role.map(|role| role.name.clone()),
        staff_group: group.map(|group| group.name.clone()).unwrap_or_default(),
    }
}

/// The vacancy with what job seekers see, or what is missing before they can.
async fn read(tx: &mut Tx, id: VacancyId) -> Result<Read, AppError> {
    let vacancy = find_own(tx, id).await?;
    let raw = RawForm::from_pairs(vacancy.typed.clone());
    let known = known(tx, &raw).await?;
    let mut read = Read { vacancy, shown: None, missing: FieldErrors::none(), changes: Vec::new() };
    if let Some((advert, _)) = read.vacancy.published.clone() {
        let places = list_places_of_vacancy(tx, id).await?;
        read.shown = Some(Shown::of(&advert, &names(&known, &advert), &places));
        let now = tx.now();
        let change = |(at, what): (DateTime<Utc>, Vec<String>)| {
            format!("{}: {}", words::capitalised(&words::when(at, now)), words::list(&what))
        };
        read.changes = list_changes(tx, id).await?.into_iter().map(change).collect();
    } else {
        match forms::parse(&raw, &known, tx.now()) {
            Ok(NewAdvert { advert, places }) => {
                let places = list_places_of_work(tx, &places).await?;
                read.shown = Some(Shown::of(&advert, &names(&known, &advert), &places));
            }
            Err(missing) => read.missing = missing,
        }
    }
    Ok(read)
}

impl OwnPage {
    fn new(page: PageFrame, read: Read, raw: RawForm, now: DateTime<Utc>) -> Self {
        let stands = read.vacancy.standing(now);
        let typed =
            read.vacancy.typed.iter().find(|(name, _)| name == "title").map(|(_, title)| title.clone());
        let outcome = |one: &Outcome| Choice::new(one.code(), one.name(), raw.get("outcome") == one.code());
        let reason = |one: &NotFilled| Choice::new(one.code(), one.name(), raw.get("reason") == one.code());
        let when = |code, name| Choice::new(code, name, raw.get("when") == code);
        let none = Choice::new("", "Select why", false);
        Self {
            page,
            title: read.shown.as_ref().map(|shown| shown.title.clone()).or(typed).unwrap_or_default(),
            path: format!("/your-vacancies/{}", read.vacancy.id),
            copy_href: format!("/your-vacancies/new?like={}", read.vacancy.id),
            public_href: match stands {
                Standing::Draft | Standing::OpensAt(_) => String::new(),
                _ => format!("/vacancies/{}", read.vacancy.id),
            },
            state: tag(stands),
            when: sentence(stands, now),
            waiting: match read.vacancy.unanswered {
                0 => String::new(),
                number => format!("{} for an answer.", words::capitalised(&waits(number))),
            },
            is_draft: stands == Standing::Draft,
            is_public: matches!(stands, Standing::OpensAt(_) | Standing::OpenUntil(_)),
            is_closed: matches!(stands, Standing::ClosedAt(_)),
            version: read.vacancy.version.to_string(),
            reason: read.vacancy.not_filled.map(|reason| reason.name().to_owned()).unwrap_or_default(),
            read,
            outcomes: Outcome::ALL.iter().map(outcome).collect(),
            reasons: std::iter::once(none).chain(NotFilled::ALL.iter().map(reason)).collect(),
            opens: vec![when("now", "Now"), when("on", "On a date, from its first minute")],
            raw,
            opening_errors: FieldErrors::none(),
            outcome_errors: FieldErrors::none(),
        }
    }
}

/// `GET /your-vacancies/{id}`: the page.
pub async fn show(
    who: Admitted,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let read = read(&mut app.db.look(&who).await?, *id).await?;
    page(&OwnPage::new(who.frame(&request), read, RawForm::default(), app.clock.now()))
}

/// `POST /your-vacancies/{id}/publish`: everybody sees it, now or from a day on.
pub async fn publish_it(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let now = app.clock.now();
    let (read, new) = {
        let tx = &mut app.db.look(&who).await?;
        let read = read(tx, id).await?;
        let raw = RawForm::from_pairs(read.vacancy.typed.clone());
        let known = known(tx, &raw).await?;
        (read, forms::parse(&raw, &known, now))
    };
    let (opens_at, new) = match (parse_opening(&form, now), new) {
        (Ok(opens_at), Ok(new)) => (opens_at, new),
        (opening, _) => {
            let errors = opening.err().unwrap_or_default();
            let shown = OwnPage::new(who.frame(&request), read, form, now);
            return page_with_errors(&OwnPage { opening_errors: errors, ..shown });
        }
    };
    let version = form.get("version").parse().unwrap_or(0);
    let publish = async |tx: &mut Tx| publish(tx, (id, version), &new, opens_at).await;
    app.db.change(&who, publish).await?;
    Ok(see_told(&format!("/your-vacancies/{id}"), published(opens_at, now)))
}

/// What is told of a vacancy that was published.
fn published(opens_at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if opens_at <= now {
        "Published. Everybody who looks for work can see it now.".to_owned()
    } else {
        format!("Everybody can see it from {}.", words::moment(opens_at))
    }
}

/// `POST /your-vacancies/{id}/remove`: a draft that nobody wants.
pub async fn remove(
    AdmittedForm { who, .. }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    app.db.change(&who, async |tx: &mut Tx| remove_draft(tx, id).await).await?;
    Ok(see_told("/your-vacancies", "The draft is removed."))
}

/// `POST /your-vacancies/{id}/close`: nobody sees it as open any more.
pub async fn close(
    AdmittedForm { who, .. }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    app.db.change(&who, async |tx: &mut Tx| close_early(tx, id).await).await?;
    Ok(see_told(&format!("/your-vacancies/{id}"), "Closed. Say below what came of it."))
}

/// `POST /your-vacancies/{id}/outcome`: what came of it.
pub async fn say_outcome(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let came = match parse_outcome(&form) {
        Ok(came) => came,
        Err(errors) => {
            let read = read(&mut app.db.look(&who).await?, id).await?;
            let shown = OwnPage::new(who.frame(&request), read, form, app.clock.now());
            return page_with_errors(&OwnPage { outcome_errors: errors, ..shown });
        }
    };
    let settle = async |tx: &mut Tx| -> Result<(), NotChanged> { settle(tx, id, came).await };
    app.db.change(&who, settle).await?;
    Ok(see_told(&format!("/your-vacancies/{id}"), "Thank you: what came of it is kept."))
}

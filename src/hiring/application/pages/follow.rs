//! `/your-vacancies/{id}/applications`: a practice reads the applications to a vacancy of its own, and decides about one or
//! several at once.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::own::tag;
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{ApplicationId, VacancyId};
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::hiring::application::actions::follow::{NotOpened, decide, find_followed, list_followed, open_cv};
use crate::hiring::application::forms::deciding::{DecisionField, parse_decision, parse_which};
use crate::hiring::application::moves::{Reason, Side, Waits, moves, waits};
use crate::hiring::application::store::follow::{Followed, list_moves};
use crate::hiring::application::{State, copy};
use crate::hiring::vacancy::actions::find_own;
use crate::people::document::pages::hand_in::keys_of;
use crate::terms::rules::paragraphs;

struct Line {
    id: String,
    name: String,
    href: String,
    state: Tag,
    /// "Sent on Monday, after closing. Asks for the guaranteed interview".
    note: String,
    /// It waits for the practice.
    waits: bool,
}

#[derive(Template)]
#[template(path = "hiring/application/pages/applications.html")]
struct ListPage {
    page: PageFrame,
    path: String,
    vacancy_href: String,
    title: String,
    lines: Vec<Line>,
    steps: Vec<Choice>,
    reasons: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<DecisionField>,
}

fn note(one: &Followed, now: DateTime<Utc>) -> String {
    let mut note = format!("Sent {}", words::when(one.sent_at, now));
    if one.is_late {
        note.push_str(", after the vacancy had closed");
    }
    if one.answers.wants_interview {
        note.push_str(". Asks for the guaranteed interview");
    }
    if !one.answers.on_record.is_empty() {
        note = format!("{note}. {}", one.answers.on_record);
    }
    note
}

/// The steps to choose from.
fn steps(all: &[State], chosen: &str) -> Vec<Choice> {
    let none = Choice::new("", "Select the next step", chosen.is_empty());
    let step = |state: &State| Choice::new(state.code(), state.name(), state.code() == chosen);
    std::iter::once(none).chain(all.iter().map(step)).collect()
}

fn reasons(chosen: &str) -> Vec<Choice> {
    let none = Choice::new("", "Select why", chosen.is_empty());
    let reason = |one: &Reason| Choice::new(one.code(), one.name(), one.code() == chosen);
    std::iter::once(none).chain(Reason::ALL.iter().map(reason)).collect()
}

/// What a vacancy of whoever acts is called.
async fn title_of(tx: &mut Tx, id: VacancyId) -> Result<String, AppError> {
    let vacancy = find_own(tx, id).await?;
    let (advert, _) = vacancy.published.ok_or(AppError::NotFound)?;
    Ok(advert.title)
}

async fn list_page(
    (who, request): (&Admitted, &HttpRequest),
    id: VacancyId,
    (raw, errors): (RawForm, FieldErrors<DecisionField>),
) -> Result<ListPage, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    let title = title_of(tx, id).await?;
    let all = list_followed(tx, id).await?;
    let now = app.clock.now();
    let line = |one: &Followed| Line {
        id: one.id.to_string(),
        name: one.name.clone(),
        href: format!("/your-vacancies/{id}/applications/{}", one.id),
        state: tag(one.state),
        note: note(one, now),
        waits: waits(one.state) == Waits::ForPractice,
    };
    // Every step that somebody of the list can take; where one of those chosen can't, none is taken.
    let mut possible: Vec<State> =
        all.iter().flat_map(|one| moves(one.state, Side::Practice)).copied().collect();
    possible.sort_unstable();
    possible.dedup();
    Ok(ListPage {
        page: who.frame(request),
        path: format!("/your-vacancies/{id}/applications"),
        vacancy_href: format!("/your-vacancies/{id}"),
        title,
        lines: all.iter().map(line).collect(),
        steps: steps(&possible, raw.get("to")),
        reasons: reasons(raw.get("reason")),
        raw,
        errors,
    })
}

/// `GET /your-vacancies/{id}/applications`.
pub async fn list(
    who: Admitted,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&list_page((&who, &request), *id, (RawForm::default(), FieldErrors::none())).await?)
}

/// `POST /your-vacancies/{id}/applications`: decides about those that are ticked, all of them or none.
pub async fn decide_several(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let (which, decision) = match (parse_which(&form), parse_decision(&form)) {
        (Ok(which), Ok(decision)) => (which, decision),
        (Err(errors), _) | (_, Err(errors)) => {
            return page_with_errors(&list_page((&who, &request), id, (form, errors)).await?);
        }
    };
    let act = async |tx: &mut Tx| decide(tx, (id, &which), &decision).await;
    let count = i64::try_from(app.db.change(&who, act).await?).unwrap_or(0);
    let told = format!(
        "{} told by email.",
        words::capitalised(&words::count(count, "applicant is", "applicants are"))
    );
    Ok(see_told(&format!("/your-vacancies/{id}/applications"), told))
}

#[derive(Template)]
#[template(path = "hiring/application/pages/followed.html")]
struct FollowedPage {
    page: PageFrame,
    path: String,
    list_href: String,
    title: String,
    name: String,
    state: Tag,
    since: String,
    reason: String,
    note: String,
    facts: Vec<(&'static str, String)>,
    email: String,
    statements: Vec<(String, Vec<String>)>,
    has_cv: bool,
    history: Vec<String>,
    steps: Vec<Choice>,
    reasons: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<DecisionField>,
}

type Which = (VacancyId, ApplicationId);

async fn followed_page(
    (who, request): (&Admitted, &HttpRequest),
    (vacancy, id): Which,
    (raw, errors): (RawForm, FieldErrors<DecisionField>),
) -> Result<FollowedPage, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    let one = find_followed(tx, (vacancy, id)).await?;
    let title = title_of(tx, vacancy).await?;
    let now = app.clock.now();
    let line = |(state, at, said): (State, DateTime<Utc>, String)| {
        let said = if said.is_empty() { String::new() } else { format!(". You wrote: {said}") };
        format!("{}: {}{said}", words::capitalised(&words::when(at, now)), state.name())
    };
    let history = list_moves(tx, id).await?.into_iter().map(line).collect();
    let possible = moves(one.state, Side::Practice);
    Ok(FollowedPage {
        page: who.frame(request),
        path: format!("/your-vacancies/{vacancy}/applications/{id}"),
        list_href: format!("/your-vacancies/{vacancy}/applications"),
        title,
        state: tag(one.state),
        since: words::when(one.moved_at, now),
        reason: one.reason.map(|reason| reason.name().to_owned()).unwrap_or_default(),
        note: note(&one, now),
        facts: copy::facts(&one.answers, one.cv.as_deref()),
        email: one.email.clone(),
        statements: copy::statements(&one.answers)
            .into_iter()
            .map(|(criterion, said)| (criterion, paragraphs(&said)))
            .collect(),
        has_cv: one.cv.is_some(),
        history,
        steps: if possible.is_empty() { Vec::new() } else { steps(possible, raw.get("to")) },
        reasons: reasons(raw.get("reason")),
        name: one.name,
        raw,
        errors,
    })
}

/// `GET /your-vacancies/{id}/applications/{application}`.
pub async fn one(
    who: Admitted,
    which: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&followed_page((&who, &request), *which, (RawForm::default(), FieldErrors::none())).await?)
}

/// `POST /your-vacancies/{id}/applications/{application}`: decides about it.
pub async fn decide_one(
    AdmittedForm { who, form }: AdmittedForm,
    which: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, (vacancy, id)) = (app_of(&request)?, *which);
    let decision = match parse_decision(&form) {
        Ok(decision) => decision,
        Err(errors) => {
            return page_with_errors(&followed_page((&who, &request), *which, (form, errors)).await?);
        }
    };
    app.db.change(&who, async |tx: &mut Tx| decide(tx, (vacancy, &[id]), &decision).await).await?;
    Ok(see_told(&format!("/your-vacancies/{vacancy}/applications/{id}"), "The applicant is told by email."))
}

/// `POST /your-vacancies/{id}/applications/{application}/cv`: the CV, as a file to be kept and never to be shown.
pub async fn cv(
    AdmittedForm { who, .. }: AdmittedForm,
    which: web::Path<Which>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (keys, which) = (keys_of(app)?, *which);
    let (of, bytes) = app.db.change(&who, async |tx: &mut Tx| open_cv(tx, &keys, which).await).await?;
    let name = format!("cv-{}.{}", of.application, of.kind.code());
    Ok(HttpResponse::Ok()
        .content_type(of.kind.content_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(bytes))
}

impl From<NotOpened> for AppError {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::NotDone(error) => error.into(),
            NotOpened::Database(error) => error.into(),
            NotOpened::Sealed(error) => Self::internal("opening a CV", error),
        }
    }
}

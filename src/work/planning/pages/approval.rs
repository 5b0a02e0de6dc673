//! A person decides: publishing a plan, or setting it aside.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::plans::{find, not_decided, not_ready};
use crate::ground::app::App;
use crate::ground::form_fields::RawDate;
use crate::ground::id::PlanId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, see_other};
use crate::ground::words;
use crate::terms::rules::Answers;
use crate::work::booking::actions::publish::OfferError;
use crate::work::booking::desk::Desk;
use crate::work::planning::actions;
use crate::work::planning::actions::decide::set_plan_aside;
use crate::work::planning::actions::publish::{Foreseen, PublishError, Published, Publishing, find_foreseen};
use crate::work::planning::forms::read_seen;
use crate::work::planning::moved::{Movement, place_of};
use crate::work::planning::store::find_plan;
use crate::work::planning::store::pairs::ProposedRow;
use crate::work::planning::{PlanState, PlanSummary};

/// So many pairs that have moved are shown; the rest are counted.
const MOST_SHOWN: usize = 50;

/// A pair that has moved since the plan was made.
struct MovedLine {
    clinician: String,
    clinician_href: String,
    place: String,
    session_href: String,
    what: String,
}

#[derive(Template)]
#[template(path = "work/planning/pages/publish.html")]
struct PublishPage {
    page: PageFrame,
    id: String,
    dates: String,
    /// Whether somebody tried to publish, and something they had not seen has moved.
    is_refused: bool,
    /// How many offers publishing makes, in figures and in words.
    offers: usize,
    offers_words: String,
    /// What else there is in the plan, a sentence each: what is out already, what waits, what is left out.
    beside: Vec<String>,
    moved_words: String,
    moved: Vec<MovedLine>,
    more: usize,
    /// Every pair that has moved, for the form: whoever sends it has read of them.
    seen: Vec<String>,
    /// How long they have to answer.
    answers: Answers,
    /// When a time to answer that would end at night ends: "9am".
    morning: String,
    from: RawDate,
    until: RawDate,
}

#[derive(Template)]
#[template(path = "work/planning/pages/discard.html")]
struct DiscardPage {
    page: PageFrame,
    id: String,
    dates: String,
}

/// `GET /matching/{id}/publish`: what publishing will do, before it is done.
pub async fn publish_page(
    who: Admitted,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let tx = &mut app.db.look(&who).await?;
    let plan = find_plan(tx, id).await?.ok_or(AppError::NotFound)?;
    if plan.state != PlanState::Ready {
        return Err(not_ready(plan.state));
    }
    let foreseen = find_foreseen(tx, &publishing(app, &who, id), &plan).await.map_err(answered)?;
    page(&PublishPage::of(who.frame(&request), &plan, &foreseen))
}

/// Publishing as the page asks for it, of whom nothing that moved was seen yet.
fn publishing(app: &App, who: &Admitted, plan: PlanId) -> Publishing {
    let (policy, desk) = (app.settings.matching.policy, Desk::of(app));
    Publishing { zone: who.time_zone, plan, policy, desk, seen: BTreeSet::new() }
}

impl PublishPage {
    fn of(page: PageFrame, plan: &PlanSummary, foreseen: &Foreseen) -> Self {
        let shown = foreseen.moved.iter().take(MOST_SHOWN);
        let seen = foreseen.moved.iter().map(|(row, _)| format!("{}.{}", row.session_id, row.clinician_id));
        Self {
            page,
            id: plan.id.to_string(),
            dates: words::date_span(plan.from_date, plan.until_date),
            is_refused: false,
            offers: foreseen.offers.len(),
            offers_words: counted(foreseen.offers.len(), "session", "sessions"),
            beside: beside(foreseen),
            moved_words: counted(foreseen.moved.len(), "pair has moved", "pairs have moved"),
            moved: shown.map(moved_line).collect(),
            more: foreseen.moved.len().saturating_sub(MOST_SHOWN),
            seen: seen.collect(),
            answers: foreseen.answers,
            morning: foreseen.answers.morning(),
            from: RawDate::of(plan.from_date),
            until: RawDate::of(plan.until_date),
        }
    }
}

/// "5 sessions".
fn counted(number: usize, one: &str, many: &str) -> String {
    words::count(i64::try_from(number).unwrap_or(i64::MAX), one, many)
}

/// What of a plan is not offered now, and why.
fn beside(foreseen: &Foreseen) -> Vec<String> {
    let sentences = [
        (
            foreseen.out,
            "offer is out already and stays as it is",
            "offers are out already and stay as they are",
        ),
        (
            foreseen.waiting,
            "place waits for the answer to an earlier offer",
            "places wait for the answer to an earlier offer",
        ),
        (
            foreseen.left_out,
            "pair you left out will not be offered",
            "pairs you left out will not be offered",
        ),
    ];
    let said = sentences.into_iter().filter(|(number, ..)| *number > 0);
    said.map(|(number, one, many)| format!("{}.", words::capitalised(&counted(number, one, many)))).collect()
}

fn moved_line((row, movement): &(ProposedRow, Movement)) -> MovedLine {
    MovedLine {
        clinician: row.clinician.clone(),
        clinician_href: format!("/clinicians/{}/rota", row.clinician_id),
        place: place_of(row),
        session_href: format!("/unfilled-sessions/{}", row.session_id),
        what: movement.text(),
    }
}

/// `POST /matching/{id}/publish`: makes the offers, or says what has moved that nobody has seen.
pub async fn publish(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let publishing = Publishing { seen: read_seen(&form), ..publishing(app, &who, id) };
    let outcome: Result<Published, PublishError> =
        app.db.change(&who, async |tx| actions::publish::publish(tx, &publishing).await).await;
    match outcome {
        Ok(published) => Ok(see_told(&format!("/matching/{id}"), published_in_words(published))),
        Err(PublishError::Moved(foreseen)) => {
            let plan = find(app, &who, id).await?;
            let shown = PublishPage::of(who.frame(&request), &plan, &foreseen);
            let mut response = page(&PublishPage { is_refused: true, ..shown })?;
            response.head_mut().status = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => Err(answered(error)),
    }
}

/// "5 offers are out. Each clinician gets an email with a link to answer. 354 places wait for the answers to earlier
/// offers".
fn published_in_words(published: Published) -> String {
    let count = |number: usize, one, many| words::capitalised(&counted(number, one, many));
    let offers = match published.offers {
        0 => "The plan is published. It made no new offer".to_owned(),
        offers => {
            let out = count(offers, "offer is out", "offers are out");
            format!("{out}. Each clinician gets an email with a link to answer")
        }
    };
    let mut said = vec![offers];
    if published.waiting > 0 {
        let waiting = count(published.waiting, "place waits", "places wait");
        said.push(format!("{waiting} for the answer to an earlier offer"));
    }
    if published.moved > 0 {
        let moved = count(
            published.moved,
            "pair that had moved is not offered",
            "pairs that had moved are not offered",
        );
        said.push(moved);
    }
    said.join(". ")
}

/// What the edge answers when a plan could not be published for another reason than movement.
fn answered(error: PublishError) -> AppError {
    match error {
        PublishError::NotFound => AppError::NotFound,
        PublishError::NotReady(state) => not_ready(state),
        PublishError::Database(error) | PublishError::Offers(OfferError::Database(error)) => error.into(),
        other => AppError::internal("publishing a plan", other),
    }
}

/// `GET /matching/{id}/discard`.
pub async fn discard_page(
    who: Admitted,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let plan = find(app, &who, path.into_inner()).await?;
    if matches!(plan.state, PlanState::Published | PlanState::Discarded) {
        return Err(not_ready(plan.state));
    }
    page(&DiscardPage {
        page: who.frame(&request),
        id: plan.id.to_string(),
        dates: words::date_span(plan.from_date, plan.until_date),
    })
}

/// `POST /matching/{id}/discard`: sets a plan aside. Its offers were never made.
pub async fn discard(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let decided = app.db.change(&who, async |tx| set_plan_aside(tx, id).await);
    decided.await.map_err(not_decided)?;
    Ok(see_other("/matching"))
}

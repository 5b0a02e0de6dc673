//! A person decides: publishing a plan, or setting it aside.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::plans::{find, not_decided, not_ready};
use crate::ground::form_fields::RawDate;
use crate::ground::id::PlanId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, see_other};
use crate::ground::words;
use crate::terms::rules::Answers;
use crate::terms::rules::store::load_decided;
use crate::work::booking::actions::publish::OfferError;
use crate::work::booking::desk::Desk;
use crate::work::planning::actions;
use crate::work::planning::actions::decide::set_plan_aside;
use crate::work::planning::actions::publish::{PublishError, Published, Publishing};
use crate::work::planning::store::pairs;
use crate::work::planning::{PlanState, PlanSummary};

/// So many sentences about what has moved are shown; the rest are counted.
const MOST_SENTENCES: usize = 50;

#[derive(Template)]
#[template(path = "work/planning/pages/publish.html")]
struct PublishPage {
    page: PageFrame,
    id: String,
    dates: String,
    pairs: i64,
    to_offer: String,
    /// How many of its pairs hold an open offer already; empty where none does.
    out_words: String,
    left_out: i64,
    left_out_words: String,
    /// How long they have to answer.
    answers: Answers,
    /// When a time to answer that would end at night ends: "9am".
    morning: String,
}

#[derive(Template)]
#[template(path = "work/planning/pages/moved.html")]
struct MovedPage {
    page: PageFrame,
    id: String,
    dates: String,
    count: String,
    sentences: Vec<String>,
    more: usize,
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
    let plan = find(app, &who, id).await?;
    if plan.state != PlanState::Ready {
        return Err(not_ready(plan.state));
    }
    let tx = &mut app.db.look(&who).await?;
    let days = pairs::list_days(tx, id).await?;
    let left_out: i64 = days.iter().map(|day| day.left_out).sum();
    let out = pairs::count_out(tx, id).await?;
    let offers = days.iter().map(|day| day.proposed).sum::<i64>() - left_out - out;
    let answers = load_decided(tx).await?.answers.unwrap_or_else(|| Answers::of_settings(&app.settings));
    page(&PublishPage {
        page: who.frame(&request),
        id: id.to_string(),
        dates: words::date_span(plan.from_date, plan.until_date),
        pairs: offers + out,
        out_words: if out == 0 { String::new() } else { words::count(out, "offer", "offers") },
        to_offer: words::count(offers, "session", "sessions"),
        left_out,
        left_out_words: words::count(left_out, "pair", "pairs"),
        answers,
        morning: answers.morning(),
    })
}

/// `POST /matching/{id}/publish`: makes the offers, or says what has moved.
pub async fn publish(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let publishing = Publishing {
        zone: who.time_zone,
        plan: path.into_inner(),
        policy: app.settings.matching.policy,
        desk: Desk::of(app),
    };
    let id = publishing.plan;
    let outcome: Result<Published, PublishError> =
        app.db.change(&who, async |tx| actions::publish::publish(tx, &publishing).await).await;
    match outcome {
        Ok(published) => Ok(see_told(&format!("/matching/{id}"), published_in_words(published))),
        Err(PublishError::Moved(sentences)) => {
            let frame = who.frame(&request);
            moved_page(frame, &find(app, &who, id).await?, sentences)
        }
        Err(error) => Err(answered(error)),
    }
}

/// "5 offers are out. Each clinician gets an email with a link to answer. 354 places wait for the answers to earlier
/// offers".
fn published_in_words(published: Published) -> String {
    let count = |number: usize, one, many| {
        words::capitalised(&words::count(i64::try_from(number).unwrap_or(i64::MAX), one, many))
    };
    let offers = match published.offers {
        0 => "The plan is published. It made no new offer".to_owned(),
        offers => {
            let out = count(offers, "offer is out", "offers are out");
            format!("{out}. Each clinician gets an email with a link to answer")
        }
    };
    match published.waiting {
        0 => offers,
        waiting => {
            let waiting = count(waiting, "place waits", "places wait");
            format!("{offers}. {waiting} for the answer to an earlier offer")
        }
    }
}

fn moved_page(
    frame: PageFrame,
    plan: &PlanSummary,
    mut sentences: Vec<String>,
) -> Result<HttpResponse, AppError> {
    let all = sentences.len();
    sentences.truncate(MOST_SENTENCES);
    let template = MovedPage {
        page: frame,
        id: plan.id.to_string(),
        dates: words::date_span(plan.from_date, plan.until_date),
        count: words::count(i64::try_from(all).unwrap_or(i64::MAX), "pair has moved", "pairs have moved"),
        more: all - sentences.len(),
        sentences,
        from: RawDate::of(plan.from_date),
        until: RawDate::of(plan.until_date),
    };
    let mut response = page(&template)?;
    response.head_mut().status = StatusCode::CONFLICT;
    Ok(response)
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

//! The administrator's pages of plans: ask for one, watch it run, look at it day by day.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::preview::{PlanQuery, tag_of};
use super::quality::{filled_words, quality_words};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate};
use crate::ground::id::PlanId;
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::AskedPage;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::work::planning::actions::decide::NotDecided;
use crate::work::planning::actions::request::request_plan;
use crate::work::planning::forms::{DatesField, read_dates, usual_dates};
use crate::work::planning::{PlanState, PlanSummary, store};

/// A run that waits or works asks for its page again after so long.
const REFRESH_SECONDS: u32 = 2;

struct PlanLine {
    dates: String,
    href: String,
    tag: Tag,
    filled: String,
    quality: String,
    asked: String,
}

#[derive(Template)]
#[template(path = "work/planning/pages/list.html")]
struct ListPage {
    page: PageFrame,
    from: RawDate,
    until: RawDate,
    errors: FieldErrors<DatesField>,
    plans: Vec<PlanLine>,
    pages: Pagination,
}

/// What follows `/matching?`.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    page: AskedPage,
}

/// `GET /matching`: the plans of the bank, and the form that asks for one.
pub async fn list(
    who: Admitted,
    query: web::Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (from, until) = usual_dates(words::london_date(app_of(&request)?.clock.now()));
    let dates = (RawDate::of(from), RawDate::of(until));
    page(&list_page(&who, &request, query.page, dates, FieldErrors::none()).await?)
}

async fn list_page(
    who: &Admitted,
    request: &HttpRequest,
    asked: AskedPage,
    (from, until): (RawDate, RawDate),
    errors: FieldErrors<DatesField>,
) -> Result<ListPage, AppError> {
    let app = app_of(request)?;
    let tx = &mut app.db.look(who).await?;
    let total = store::count_plans(tx).await?;
    let shown = asked.of(total);
    let plans = store::list_plans(tx, (shown.span().limit, shown.span().offset)).await?;
    let now = app.clock.now();
    Ok(ListPage {
        page: who.frame(request),
        from,
        until,
        errors,
        plans: plans.iter().map(|plan| plan_line(plan, now)).collect(),
        pages: shown.links(|number| format!("/matching?page={number}")),
    })
}

fn plan_line(plan: &PlanSummary, now: DateTime<Utc>) -> PlanLine {
    let outcome = plan.outcome.as_ref();
    PlanLine {
        dates: words::date_span(plan.from_date, plan.until_date),
        href: format!("/matching/{}", plan.id),
        tag: tag_of(plan.state),
        filled: outcome.map_or("–".to_owned(), filled_words),
        quality: outcome.map_or("–".to_owned(), quality_words),
        asked: format!(
            "{} by {}",
            words::capitalised(&words::when(plan.requested_at, now)),
            plan.requested_by
        ),
    }
}

/// `POST /matching`: asks for a plan.
pub async fn ask(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let dates = match read_dates(&form, words::london_date(app.clock.now())) {
        Ok(dates) => dates,
        Err(errors) => {
            let typed = (form.date("from"), form.date("until"));
            return page_with_errors(&list_page(&who, &request, AskedPage::default(), typed, errors).await?);
        }
    };
    let plan = PlanId::new();
    app.db.change(&who, async |tx| request_plan(tx, plan, dates).await).await?;
    Ok(see_other(&format!("/matching/{plan}")))
}

#[derive(Template)]
#[template(path = "work/planning/pages/running.html")]
struct RunningPage {
    page: PageFrame,
    dates: String,
    href: String,
}

#[derive(Template)]
#[template(path = "work/planning/pages/failed.html")]
struct FailedPage {
    page: PageFrame,
    dates: String,
    failure: String,
    from: RawDate,
    until: RawDate,
}

/// What is said when a plan can no longer be decided about.
pub(super) fn not_ready(state: PlanState) -> AppError {
    let title = match state {
        PlanState::Published => "This plan has been published already",
        PlanState::Discarded => "This plan has been set aside",
        PlanState::Running => "This plan is not ready yet",
        PlanState::Ready | PlanState::Failed => "This plan can't be published",
    };
    AppError::conflict(title, "Nothing has been changed. Go back to the list of plans to see how it stands.")
}

/// What the edge answers when nothing was decided about a plan.
pub(super) fn not_decided(error: NotDecided) -> AppError {
    match error {
        NotDecided::NotFound => AppError::NotFound,
        NotDecided::NotReady(state) => not_ready(state),
        NotDecided::Database(error) => error.into(),
    }
}

/// `GET /matching/{id}`: a plan, however far it has come.
pub async fn show(
    who: Admitted,
    path: web::Path<PlanId>,
    query: web::Query<PlanQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let frame = who.frame(&request);
    let plan = find(app, &who, id).await?;
    let dates = words::date_span(plan.from_date, plan.until_date);
    match (plan.state, plan.outcome.clone()) {
        (PlanState::Running, _) => page(&RunningPage {
            page: frame.refreshing(REFRESH_SECONDS),
            dates,
            href: format!("/matching/{id}"),
        }),
        (_, Some(outcome)) => super::preview::show(app, &who, frame, &plan, &outcome, &query).await,
        (_, None) => page(&FailedPage {
            page: frame,
            dates,
            failure: plan
                .failure
                .unwrap_or_else(|| "This plan was set aside before it was ready.".to_owned()),
            from: RawDate::of(plan.from_date),
            until: RawDate::of(plan.until_date),
        }),
    }
}

pub(crate) async fn find(app: &App, who: &Admitted, id: PlanId) -> Result<PlanSummary, AppError> {
    let tx = &mut app.db.look(who).await?;
    store::find_plan(tx, id).await?.ok_or(AppError::NotFound)
}

/// `GET /matching/{id}/problem.json`: what a plan was made from, for anybody who wants to check it.
pub async fn problem_file(
    who: Admitted,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = path.into_inner();
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    download("problem.json", store::find_problem(tx, id).await?)
}

/// `GET /matching/{id}/plan.json`: the plan with the prices that prove it.
pub async fn plan_file(
    who: Admitted,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = path.into_inner();
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    download("plan.json", store::find_plan_file(tx, id).await?)
}

/// A file to keep, where there is one.
fn download(name: &str, file: Option<String>) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file.ok_or(AppError::NotFound)?))
}

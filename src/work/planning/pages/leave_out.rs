//! `/matching/{id}/leave-out`: a pair of a plan is left out, or taken in again.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::plans::not_decided;
use crate::eligibility::not_again::LeftOutReason;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::id::PlanId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::work::planning::Pair;
use crate::work::planning::actions::decide;
use crate::work::planning::forms::{LeaveOutField, read_pair, read_reason};
use crate::work::planning::moved::place_of;
use crate::work::planning::store::pairs::{ProposedRow, list_proposed};

/// What follows `/matching/{id}/leave-out?`.
#[derive(Debug, Deserialize)]
pub struct PairQuery {
    #[serde(default)]
    pair: Typed,
}

#[derive(Template)]
#[template(path = "work/planning/pages/leave_out.html")]
struct LeaveOutPage {
    page: PageFrame,
    id: String,
    plan_href: String,
    pair: String,
    clinician: String,
    place: String,
    reasons: Vec<Choice>,
    errors: FieldErrors<LeaveOutField>,
}

/// `GET /matching/{id}/leave-out`: which pair it is, and why it is to be left out.
pub async fn leave_out_page(
    who: Admitted,
    path: web::Path<PlanId>,
    query: web::Query<PairQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let row = proposed(app, &who, id, &query.pair).await?;
    page(&form_of(who.frame(&request), id, &row, FieldErrors::none()))
}

fn form_of(
    page: PageFrame,
    id: PlanId,
    row: &ProposedRow,
    errors: FieldErrors<LeaveOutField>,
) -> LeaveOutPage {
    LeaveOutPage {
        page,
        id: id.to_string(),
        plan_href: format!("/matching/{id}?day={}", row.local_date),
        pair: format!("{}.{}", row.session_id, row.clinician_id),
        clinician: row.clinician.clone(),
        place: place_of(row),
        reasons: LeftOutReason::ALL.map(|reason| Choice::new(reason.code(), reason.text(), false)).to_vec(),
        errors,
    }
}

/// The pair of the plan that the text names.
async fn proposed(app: &App, who: &Admitted, plan: PlanId, pair: &str) -> Result<ProposedRow, AppError> {
    let pair = read_pair(pair).ok_or(AppError::NotFound)?;
    let tx = &mut app.db.look(who).await?;
    list_proposed(tx, plan, Some(pair)).await?.pop().ok_or(AppError::NotFound)
}

/// `POST /matching/{id}/leave-out`: leaves a pair out of this plan and of the next ones.
pub async fn leave_out(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let row = proposed(app, &who, id, form.get("pair")).await?;
    let reason = match read_reason(&form) {
        Ok(reason) => reason,
        Err(errors) => return page_with_errors(&form_of(who.frame(&request), id, &row, errors)),
    };
    let done = app.db.change(&who, async |tx| decide::leave_out(tx, id, row.pair(), reason).await);
    done.await.map_err(not_decided)?;
    let told = format!(
        "{} is left out of {}, and of the next plans too until you take it back",
        row.clinician,
        place_of(&row)
    );
    Ok(see_told(&day_of(id, &row), told))
}

fn day_of(id: PlanId, row: &ProposedRow) -> String {
    format!("/matching/{id}?day={}", row.local_date)
}

/// `POST /matching/{id}/take-in`: takes back that a pair was left out.
pub async fn take_in(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let pair: Pair = read_pair(form.get("pair")).ok_or(AppError::NotFound)?;
    let done = app.db.change(&who, async |tx| decide::take_in(tx, id, pair).await);
    let told = if done.await.map_err(not_decided)? {
        "The pair is taken in again, and is offered when you publish"
    } else {
        "The pair is taken back. The next plan can propose it again"
    };
    Ok(see_told(&address_of(id, &form), told))
}

/// The day of the plan that the form came from.
fn address_of(id: PlanId, form: &RawForm) -> String {
    let day: Option<chrono::NaiveDate> = form.get("day").parse().ok();
    day.map_or_else(|| format!("/matching/{id}"), |day| format!("/matching/{id}?day={day}"))
}

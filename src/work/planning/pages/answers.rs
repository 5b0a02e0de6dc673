//! What came of a published plan's offers, and the reminder of those who have not answered.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

use super::plans::find;
use crate::ground::id::PlanId;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::work::booking::actions::chase;
use crate::work::booking::desk::Desk;
use crate::work::booking::pages::answered;
use crate::work::booking::store::plan_answers::{AnswersOfPlan, NotAnswered};
use crate::work::planning::PlanState;

/// Somebody who has not answered.
pub(super) struct NotAnsweredLine {
    pub name: String,
    pub href: String,
    pub offers: String,
    pub until: String,
    pub reminded: String,
}

/// What came of the offers, in figures and by whom not yet.
pub(super) struct AnswersShown {
    /// How many of each, with its words.
    pub figures: Vec<(String, &'static str)>,
    pub not_answered: Vec<NotAnsweredLine>,
    /// Whom a reminder would reach: "12 people"; empty where everybody was reminded.
    pub to_remind: String,
}

impl AnswersShown {
    pub(super) fn of(counted: AnswersOfPlan, waiting: &[NotAnswered], now: DateTime<Utc>) -> Self {
        let figures = [
            (counted.accepted, "accepted"),
            (counted.declined, "declined"),
            (counted.lapsed, "not answered in time"),
            (counted.withdrawn, "taken back"),
            (counted.waiting, "not answered yet"),
        ];
        let shown = figures.into_iter().filter(|(many, what)| *many > 0 || *what == "accepted");
        let unreminded = waiting.iter().filter(|person| person.reminded_at.is_none()).count();
        Self {
            figures: shown.map(|(many, what)| (words::number(many), what)).collect(),
            not_answered: waiting.iter().map(|person| line(person, now)).collect(),
            to_remind: match i64::try_from(unreminded).unwrap_or(i64::MAX) {
                0 => String::new(),
                some => words::count(some, "person", "people"),
            },
        }
    }
}

fn line(person: &NotAnswered, now: DateTime<Utc>) -> NotAnsweredLine {
    NotAnsweredLine {
        name: person.name.clone(),
        href: format!("/clinicians/{}/rota", person.clinician_id),
        offers: words::count(person.offers, "offer", "offers"),
        until: words::deadline(person.expires_at, now),
        reminded: person.reminded_at.map_or_else(|| "Not yet".to_owned(), words::moment),
    }
}

/// `POST /matching/{id}/chase`: reminds everybody who has not answered, once.
pub async fn chase(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<PlanId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    if find(app, &who, id).await?.state != PlanState::Published {
        return Err(AppError::conflict(
            "This plan has no offers",
            "Nobody was reminded. Publish the plan first.",
        ));
    }
    let (desk, now) = (Desk::of(app), app.clock.now());
    let done = app.db.change(&who, async |tx| chase::chase(tx, &desk, id).await);
    let chased = done.await.map_err(|error| answered(error, now))?;
    let people = i64::try_from(chased.people).unwrap_or(i64::MAX);
    let told = match people {
        0 => "Nobody was reminded: everybody has answered, or was reminded before".to_owned(),
        people if chased.waits_for_morning => {
            format!("{} in the morning", words::count(people, "person is reminded", "people are reminded"))
        }
        people => format!("{} by email", words::count(people, "person is reminded", "people are reminded")),
    };
    Ok(see_told(&format!("/matching/{id}"), told))
}

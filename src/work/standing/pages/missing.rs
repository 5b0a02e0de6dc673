//! `/me/missing`: what a clinician still has to do before they are offered work, and which sessions wait for it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;

use crate::eligibility::block::blocks;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::people::credential::store::record::Whose;
use crate::people::document::store::list_of_clinician;
use crate::people::profile::store::load_profile;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::needs::list_needs;
use crate::work::standing::missing::{Facts, Missing, Progress, Thing};
use crate::work::standing::store::list_asked_for;

/// So far back sessions are looked at for what they ask: half a year.
const LOOKED_BACK: TimeDelta = TimeDelta::weeks(26);

#[derive(Template)]
#[template(path = "work/standing/pages/missing.html")]
struct MissingPage {
    page: PageFrame,
    is_ready: bool,
    lists: Vec<TaskList>,
}

/// Things under a heading.
struct TaskList {
    heading: &'static str,
    tasks: Vec<Task>,
}

struct Task {
    id: String,
    name: String,
    tag: Tag,
    href: String,
    hint: String,
}

/// The task of a thing, of which `id` is unique on the page.
fn task(id: String, thing: Thing) -> Task {
    let tag = match &thing.progress {
        Progress::Done(until) => Tag::new(until, TagColour::Green),
        Progress::Soon(until) => Tag::new(until, TagColour::Orange),
        Progress::Waits => Tag::new("With your administrator", TagColour::Yellow),
        Progress::SentBack => Tag::new("Sent back", TagColour::Red),
        Progress::Missing => Tag::new("Missing", TagColour::Red),
    };
    let hint =
        if thing.waiting.is_empty() { String::new() } else { format!("Waits for it: {}", thing.waiting) };
    Task { id, name: thing.name, tag, href: thing.href, hint }
}

fn task_list(heading: &'static str, start: &str, things: Vec<Thing>) -> TaskList {
    let tasks = things.into_iter().enumerate();
    TaskList {
        heading,
        tasks: tasks.map(|(number, thing)| task(format!("{start}-{number}"), thing)).collect(),
    }
}

/// `GET /me/missing`.
pub async fn missing(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let today = local_date(who.time_zone, now);
    let tx = &mut app.db.look(&who).await?;
    let profile = load_profile(tx, Whose::Membership(who.membership), today).await?;
    let profile = profile.ok_or(AppError::NotFound)?;
    let clinician = &profile.record.clinician;
    let missing = Missing::of(&Facts {
        profile: &profile,
        blocks: &blocks(&profile, who.time_zone, today),
        needs: &list_needs(tx).await?,
        handed_in: &list_of_clinician(tx, clinician.id).await?,
        asked_for: &list_asked_for(tx, &clinician.role, now - LOOKED_BACK).await?,
        today,
    });
    page(&MissingPage {
        page: who.frame(&request),
        is_ready: missing.is_ready(),
        lists: vec![
            task_list("For every session", "every", missing.for_every_session),
            task_list("For some sessions", "some", missing.for_some),
        ],
    })
}

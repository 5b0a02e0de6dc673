//! `/sessions/{id}/stages`: to whom a session is open, and from when on.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::actions::set_stages;
use super::forms::{self, Around, StageField};
use super::store::list_stages;
use super::{Stage, in_words};
use crate::eligibility::facts::SessionFacts;
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::SessionId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::practice::PreferredList;
use crate::people::practice::actions::find_own_practice;
use crate::people::practice::store::preferred::list_lists;
use crate::work::booking::messages::SessionWords;
use crate::work::booking::pages::answered_to;
use crate::work::booking::store::facts::list_sessions;

#[derive(Template)]
#[template(path = "work/stage/stages.html")]
struct StagesPage {
    page: PageFrame,
    words: SessionWords,
    back: String,
    lists_href: String,
    said: Vec<String>,
    lists: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<StageField>,
}

/// A session of whoever asks, with its practice's lists.
struct Seen {
    session: SessionFacts,
    lists: Vec<PreferredList>,
    stages: Vec<Stage>,
}

async fn see(app: &App, who: &Admitted, id: SessionId) -> Result<Seen, AppError> {
    let tx = &mut app.db.look(who).await?;
    let session = list_sessions(tx, &[id]).await?.pop().ok_or(AppError::NotFound)?;
    find_own_practice(tx, session.practice).await?;
    let lists = list_lists(tx, session.practice).await?;
    let stages = list_stages(tx, id).await?;
    Ok(Seen { session, lists, stages })
}

impl Seen {
    fn page(&self, app: &App, page: PageFrame, raw: RawForm, errors: FieldErrors<StageField>) -> StagesPage {
        let chosen = raw.get("preferred").to_owned();
        let all = [("", "Nobody: leave this stage out"), ("any", "Everybody on any of your lists")];
        let mut lists: Vec<Choice> =
            all.into_iter().map(|(code, name)| Choice::new(code, name, code == chosen)).collect();
        let own = |list: &PreferredList| {
            let id = list.id.to_string();
            Choice::new(id.clone(), format!("The list {}", list.name), id == chosen)
        };
        lists.extend(self.lists.iter().map(own));
        StagesPage {
            page,
            words: SessionWords::of(&self.session),
            back: format!("/sessions/{}", self.session.id),
            lists_href: format!("/practice/{}/preferred", self.session.practice),
            said: in_words(&self.stages, app.clock.now()),
            lists,
            raw,
            errors,
        }
    }
}

/// `GET /sessions/{id}/stages`: how it is released, and the form.
pub async fn stages_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let seen = see(app, &who, *id).await?;
    let raw = forms::filled_in(&seen.stages, seen.session.zone);
    page(&seen.page(app, who.frame(&request), raw, FieldErrors::none()))
}

/// `POST /sessions/{id}/stages`: releases it so from now on.
pub async fn save(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let now = app.clock.now();
    let seen = see(app, &who, id).await?;
    let around = Around { starts_at: seen.session.starts_at, zone: seen.session.zone, now };
    let stages = match form.get("act") {
        "open" => Vec::new(),
        _ => match forms::parse(&form, around) {
            Ok(stages) => stages,
            Err(errors) => return page_with_errors(&seen.page(app, who.frame(&request), form, errors)),
        },
    };
    let done = app.db.change(&who, async |tx| set_stages(tx, id, &stages).await).await;
    done.map_err(|error| answered_to(Audience::Practice, error, now))?;
    let told = if stages.is_empty() { OPEN } else { STAGED };
    Ok(see_told(&format!("/sessions/{id}"), told))
}

const OPEN: &str = "The session is open to everybody of the bank who fits.";
const STAGED: &str = "The session is released in stages.";

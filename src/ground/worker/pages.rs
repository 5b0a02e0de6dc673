//! The administrator puts a job back that was given up.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::app::job;
use crate::ground::audit::{self, AuditEvent};
use crate::ground::id::JobId;
use crate::ground::queue::store::dead;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{CanAdminister, Guarded, GuardedForm, app_of};
use crate::ground::web::{page, see_other};
use crate::ground::words;

#[derive(Template)]
#[template(path = "ground/worker/again.html")]
struct AgainPage {
    page: PageFrame,
    id: JobId,
    title: &'static str,
    tries: String,
    given_up: String,
    said: String,
}

/// `GET /system/jobs/{job}/again`: asks whether the work is to be tried again.
pub async fn again_page(
    who: Guarded<CanAdminister>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: JobId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    let job = {
        let tx = &mut app.db.look(&who).await?;
        dead::find_dead(tx, id).await
    }?
    .ok_or(AppError::NotFound)?;
    page(&AgainPage {
        page: who.frame(&app.settings.server.product_name, request.path()),
        id,
        title: job::title_of(app.site.jobs, &job.kind),
        tries: words::count(i64::from(job.attempts), "time", "times"),
        given_up: words::moment(job.finished_at),
        said: job.last_error.unwrap_or_default(),
    })
}

/// `POST /system/jobs/{job}/again`: puts it back.
pub async fn again(
    sent: GuardedForm<CanAdminister>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: JobId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    let (bank, by) = (sent.who.bank, sent.who.account);
    let (was_dead, is_back) = app
        .db
        .change(&sent.who, async |tx| {
            let was_dead = dead::find_dead(tx, id).await?.is_some();
            let is_back = dead::mark_put_back(tx, id).await?;
            if is_back {
                let event = AuditEvent {
                    bank,
                    by: Some(by),
                    action: "job.put_back",
                    subject_kind: "job",
                    subject: id.0,
                    detail: serde_json::json!({}),
                };
                audit::store::insert_event(tx, &event).await?;
            }
            Ok::<_, AppError>((was_dead, is_back))
        })
        .await?;
    match (was_dead, is_back) {
        (_, true) => Ok(see_other("/system?done=job")),
        (true, false) => Err(AppError::conflict(
            "The same work is under way already",
            "There is nothing to put back. Look at background work in a minute.",
        )),
        (false, false) => Err(AppError::NotFound),
    }
}

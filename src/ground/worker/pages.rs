//! The administrator puts a job back that was given up.

use actix_web::{HttpRequest, HttpResponse, web};

use super::actions::put_back_job;
use crate::ground::app::job;
use crate::ground::id::JobId;
use crate::ground::queue::store::dead;
use crate::ground::web::again::AgainPage;
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;

/// `GET /system/jobs/{job}/again`: asks whether the work is to be tried again.
pub async fn again_page(
    who: Admitted,
    id: web::Path<JobId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let tx = &mut app.db.look(&who).await?;
    let job = dead::find_dead(tx, id).await?.ok_or(AppError::NotFound)?;
    page(&AgainPage {
        page: who.frame(&request),
        heading: "Try this work again",
        caption: job::title_of(app.site.jobs, &job.kind),
        rows: vec![
            ("Tried", words::count(i64::from(job.attempts), "time", "times")),
            ("Given up", words::moment(job.finished_at)),
            ("What it said last", job.last_error.unwrap_or_default()),
        ],
        note: "If the reason is still there, it will be given up again, and you will find it here again.",
        action: format!("/system/jobs/{id}/again"),
        button: "Try again",
        back: Link::new("Background work", "/system"),
    })
}

/// `POST /system/jobs/{job}/again`: puts it back.
pub async fn again(
    sent: AdmittedForm,
    id: web::Path<JobId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    if app.db.change(&sent.who, async |tx| put_back_job(tx, id).await).await? {
        return Ok(see_told("/system", "The work waits to be tried again."));
    }
    Err(AppError::conflict(
        "The same work is under way already",
        "There is nothing to put back. Look at background work in a minute.",
    ))
}

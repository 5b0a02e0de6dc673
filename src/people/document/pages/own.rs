//! `/me/documents`: what a clinician has handed in, with what became of each.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::line::DocumentLine;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::people::clinician::actions::find_own;
use crate::people::document::Document;
use crate::people::document::pages::hand_in::keys_of;
use crate::people::document::store::list_of_clinician;

#[derive(Template)]
#[template(path = "people/document/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    lines: Vec<DocumentLine>,
    takes_files: bool,
}

/// `GET /me/documents`.
pub async fn own(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let takes_files = keys_of(app)?.can_seal();
    let tx = &mut app.db.look(&who).await?;
    let own = find_own(tx).await?;
    let documents = list_of_clinician(tx, own).await?;
    let line = |it: &Document| DocumentLine::of(it, &format!("/me/documents/{}", it.id), now);
    page(&OwnPage { page: who.frame(&request), lines: documents.iter().map(line).collect(), takes_files })
}

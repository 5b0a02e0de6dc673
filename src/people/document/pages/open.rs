//! A file leaves as something to be kept, never as something to be shown: whatever is in it runs in nobody's page.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::hand_in::keys_of;
use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{AdmittedForm, app_of};
use crate::people::document::actions::open::{NotOpened, Opened, open_of_clinician, open_own};
use crate::people::document::seal::SealError;

/// Whatever shows it all the same gives it no script, no form, no other page, no name of ours.
const POLICY: &str = "sandbox; default-src 'none'";

/// `POST /me/documents/{document}/open`. A form, because opening is written down.
pub async fn open_mine(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<DocumentId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let keys = keys_of(app)?;
    let id = *path;
    let opened = app.db.change(&who, async |tx| open_own(tx, &keys, id).await).await?;
    Ok(file(opened))
}

/// `POST /clinicians/{id}/documents/{document}/open`.
pub async fn open_theirs(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<(ClinicianId, DocumentId)>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let keys = keys_of(app)?;
    let which = *path;
    let opened = app.db.change(&who, async |tx| open_of_clinician(tx, &keys, which).await).await?;
    Ok(file(opened))
}

fn file(opened: Opened) -> HttpResponse {
    let name = opened.document.kept_as();
    HttpResponse::Ok()
        .content_type(opened.document.kind.content_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(opened.bytes)
}

impl From<NotOpened> for AppError {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::NotDone(error) => error.into(),
            NotOpened::Database(error) => error.into(),
            NotOpened::Sealed(SealError::KeyAway(key)) => {
                tracing::error!(key, "a file is sealed by a key that the settings do not have");
                Self::conflict(
                    "This file can’t be opened",
                    "The key that it is sealed by is not there. Tell whoever operates the service; locumbank doctor names the key.",
                )
            }
            NotOpened::Sealed(error) => Self::internal("opening a file", error),
        }
    }
}

//! The administrator sends a mail again that was given up.

use actix_web::{HttpRequest, HttpResponse, web};

use super::outbox::mail_with_recipients;
use crate::ground::id::MailId;
use crate::ground::mail::MailState;
use crate::ground::outbox::actions::put_back_mail;
use crate::ground::web::again::AgainPage;
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;

/// What is said of a mail whose sending was once broken off when nobody could know whether it had left.
const MAY_BE_A_COPY: &str =
    "It may have arrived already. It goes out with the same identity, so that most mailboxes show it once.";

/// `GET /mail/{mail}/again`: asks whether the mail is to be sent again.
pub async fn again_page(
    who: Admitted,
    id: web::Path<MailId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let (mail, recipients) = mail_with_recipients(app, &who, id).await?;
    if mail.state != MailState::Failed {
        return Err(AppError::NotFound);
    }
    page(&AgainPage {
        page: who.frame(&request),
        heading: "Send this email again",
        caption: "",
        rows: vec![
            ("Subject", mail.subject),
            ("To", recipients),
            ("Why it was given up", mail.last_error.unwrap_or_default()),
        ],
        note: if mail.uncertain_times > 0 { MAY_BE_A_COPY } else { "" },
        action: format!("/mail/{id}/again"),
        button: "Send again",
        back: Link::new("Email", format!("/mail/{id}")),
    })
}

/// `POST /mail/{mail}/again`: puts it back into the outbox.
pub async fn again(
    sent: AdmittedForm,
    id: web::Path<MailId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    if app.db.change(&sent.who, async |tx| put_back_mail(tx, id).await).await? {
        return Ok(see_told("/mail?state=failed", "The email waits to be sent again."));
    }
    Err(AppError::conflict(
        "This email would come too late",
        "What it is about has passed, so it is not sent.",
    ))
}

//! The administrator sends a mail again that was given up.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::outbox::mail_with_recipients;
use crate::ground::audit::{self, AuditEvent};
use crate::ground::id::MailId;
use crate::ground::mail::MailState;
use crate::ground::mail::store::{self, failed};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{CanAdminister, Guarded, GuardedForm, app_of};
use crate::ground::web::{page, see_other};

#[derive(Template)]
#[template(path = "ground/outbox/pages/again.html")]
struct AgainPage {
    page: PageFrame,
    id: MailId,
    subject: String,
    recipients: String,
    said: String,
    may_be_a_copy: bool,
}

/// `GET /mail/{mail}/again`: asks whether the mail is to be sent again.
pub async fn again_page(
    who: Guarded<CanAdminister>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: MailId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    let (mail, recipients) = mail_with_recipients(app, &who, id).await?;
    if mail.state != MailState::Failed {
        return Err(AppError::NotFound);
    }
    page(&AgainPage {
        page: who.frame(&app.settings.server.product_name, request.path()),
        id,
        subject: mail.subject,
        recipients,
        said: mail.last_error.unwrap_or_default(),
        may_be_a_copy: mail.uncertain_times > 0,
    })
}

/// `POST /mail/{mail}/again`: puts it back into the outbox.
pub async fn again(
    sent: GuardedForm<CanAdminister>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: MailId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    let (bank, by) = (sent.who.bank, sent.who.account);
    let (was_given_up, is_back) = app
        .db
        .change(&sent.who, async |tx| {
            let mail = store::find_mail(tx, id).await?;
            let is_back = failed::mark_put_back(tx, id).await?;
            if is_back {
                failed::mark_recipients_open(tx, id).await?;
                let event = AuditEvent {
                    bank,
                    by: Some(by),
                    action: "mail.put_back",
                    subject_kind: "mail",
                    subject: id.0,
                    detail: serde_json::json!({}),
                };
                audit::store::insert_event(tx, &event).await?;
            }
            Ok::<_, AppError>((mail.is_some_and(|mail| mail.state == MailState::Failed), is_back))
        })
        .await?;
    match (was_given_up, is_back) {
        (_, true) => Ok(see_other("/mail?state=failed&done=again")),
        (true, false) => Err(AppError::conflict(
            "This email would come too late",
            "What it is about has passed, so it is not sent.",
        )),
        (false, false) => Err(AppError::NotFound),
    }
}

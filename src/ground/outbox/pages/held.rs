//! The administrator's page of mail that is held back after a backup was restored.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::id::MailId;
use crate::ground::mail::store::held;
use crate::ground::outbox::actions::{give_up_mail, release_mail};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;

/// Mails shown at once; the next follow as these are decided.
const MOST_SHOWN: i64 = 50;

struct Line {
    id: String,
    subject: String,
    recipients: String,
    written: String,
}

#[derive(Template)]
#[template(path = "ground/outbox/pages/held.html")]
struct HeldPage {
    page: PageFrame,
    waiting: String,
    lines: Vec<Line>,
}

/// `GET /mail/held`: the mails that wait for a decision.
pub async fn held(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let count = held::count_held(tx, Some(who.bank)).await?;
    let mails = held::list_held(tx, MOST_SHOWN).await?;
    page(&HeldPage {
        page: who.frame(&request),
        waiting: words::count(count, "email waits", "emails wait"),
        lines: mails
            .into_iter()
            .map(|mail| Line {
                id: mail.id.to_string(),
                subject: mail.subject,
                recipients: mail.recipients,
                written: words::moment(mail.created_at),
            })
            .collect(),
    })
}

/// `POST /mail/held`: sends one of them after all (`send`), or gives it up (`drop`).
pub async fn decide(sent: AdmittedForm, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let to_send = !sent.form.get("send").is_empty();
    let id = sent.form.get(if to_send { "send" } else { "drop" });
    let id: MailId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    if to_send {
        app.db.change(&sent.who, async |tx| release_mail(tx, id).await).await?;
        return Ok(see_told("/mail/held", "The email waits to be sent, with the others."));
    }
    app.db.change(&sent.who, async |tx| give_up_mail(tx, id).await).await?;
    Ok(see_told("/mail/held", "The email is not sent."))
}

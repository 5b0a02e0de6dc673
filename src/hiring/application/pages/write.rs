//! `POST /application/{token}`: what an applicant writes is kept, whatever is missing, and sent where they ask for it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::own::{Opened, form_page, open};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::RawForm;
use crate::ground::form_fields::{FieldErrors, SentFile};
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::app_of;
use crate::ground::web::page_with_errors;
use crate::ground::web::told::see_told;
use crate::ground::web::upload::read_sent_form;
use crate::hiring::application::Answers;
use crate::hiring::application::actions::NotChanged;
use crate::hiring::application::actions::send::send;
use crate::hiring::application::actions::write::keep;
use crate::hiring::application::cv::{CvOf, NewCv};
use crate::hiring::application::forms::{ApplicationField, as_typed, parse, parse_cv};
use crate::people::document::content::Content;
use crate::people::document::pages::hand_in::{keys_of, look_for_viruses};
use crate::people::document::virus::Verdict;

type Errors = FieldErrors<ApplicationField>;

/// A CV as it was sent, looked through and sealed; none where none was sent, and what is wrong where it can't be kept.
async fn cv_of(app: &App, actor: Actor, file: SentFile) -> Result<Result<Option<NewCv>, Errors>, AppError> {
    let (file_name, content) = match parse_cv(file) {
        Ok(Some(cv)) => cv,
        Ok(None) => return Ok(Ok(None)),
        Err(errors) => return Ok(Err(errors)),
    };
    match look_for_viruses(app, &content.bytes).await {
        Ok(verdict) => Ok(Ok(Some(sealed(app, actor, (file_name, content), verdict)?))),
        Err(sentence) => Ok(Err(FieldErrors::one(ApplicationField::Cv, sentence))),
    }
}

fn sealed(
    app: &App,
    actor: Actor,
    (file_name, content): (String, Content),
    verdict: Verdict,
) -> Result<NewCv, AppError> {
    let Actor::Applicant { bank, application } = actor else { return Err(AppError::NotFound) };
    let of = CvOf { bank, application, kind: content.kind };
    let bytes = i32::try_from(content.bytes.len()).unwrap_or(i32::MAX);
    let sealed = keys_of(app)?.seal(&of, content.bytes);
    Ok(NewCv {
        kind: of.kind,
        file_name,
        bytes,
        is_virus_checked: verdict == Verdict::Clean,
        sealed: sealed.map_err(|error| AppError::internal("sealing a CV", error))?,
    })
}

/// What is to be sent; what is wrong with it or with the CV; none where nothing is to be sent yet.
fn to_send(form: &RawForm, opened: &Opened, of_cv: Errors) -> Result<Option<Answers>, Errors> {
    let wants_to_send = form.get("do") == "send";
    if !wants_to_send {
        return if of_cv.is_empty() { Ok(None) } else { Err(of_cv) };
    }
    match parse(form, &opened.vacancy.advert, opened.role.as_ref()) {
        Ok(answers) if of_cv.is_empty() => Ok(Some(answers)),
        Ok(_) => Err(of_cv),
        Err(mut errors) => {
            if !of_cv.is_empty() {
                errors.add(ApplicationField::Cv, of_cv.of("cv"));
            }
            Err(errors)
        }
    }
}

/// Keeps what is written, and sends it where that is asked.
pub async fn write(
    token: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let sent = read_sent_form(&request, &mut payload.into_inner(), None).await?;
    let (cv, of_cv) = match cv_of(app, opened.actor, sent.file).await? {
        Ok(cv) => (cv, Errors::none()),
        Err(errors) => (None, errors),
    };
    let typed = as_typed(&sent.form);
    match app.db.change(opened.actor, async |tx: &mut Tx| keep(tx, &typed, cv.as_ref()).await).await {
        // Of two tabs that send, the second finds it sent, and sees where it stands.
        Err(NotChanged::Sent) => return Ok(see_told(request.path(), "Your application was sent before.")),
        kept => kept?,
    }
    match to_send(&sent.form, &opened, of_cv) {
        Ok(None) => Ok(see_told(request.path(), "What you have written is kept.")),
        Ok(Some(answers)) => carry_out(&request, opened.actor, &answers).await,
        Err(errors) => {
            let opened = open(app, &token).await?;
            page_with_errors(&form_page(&request, &opened, (sent.form, errors))?)
        }
    }
}

/// Sends it.
async fn carry_out(request: &HttpRequest, actor: Actor, answers: &Answers) -> Result<HttpResponse, AppError> {
    let app = app_of(request)?;
    let letterhead = app.letterhead();
    app.db.change(actor, async |tx: &mut Tx| send(tx, &letterhead, answers).await).await?;
    Ok(see_told(request.path(), "Your application is sent. A copy is on its way to you by email."))
}

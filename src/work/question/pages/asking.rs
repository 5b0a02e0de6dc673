//! `/questions/{id}`: what was asked about a session and answered, and asking more.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::eligibility::facts::SessionFacts;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{ClinicianId, SessionId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::work::booking::messages::SessionWords;
use crate::work::booking::pages::answered;
use crate::work::booking::refusal::refuse_closed;
use crate::work::booking::store::facts::list_sessions;
use crate::work::question::actions::{Asked, ask_about};
use crate::work::question::forms::{self, WordsField};
use crate::work::question::store::list_of_session;
use crate::work::question::{MOST_WAITING, Question};
use crate::work::request::store::find_standing;

const WAITS: &str = "The practice gets your question by email. You get an email when it answers.";

#[derive(Template)]
#[template(path = "work/question/pages/asking.html")]
struct AskingPage {
    page: PageFrame,
    action: String,
    session_href: String,
    words: SessionWords,
    asked: Vec<Line>,
    /// Whether the session is still to come, so that there is somebody to answer.
    is_to_come: bool,
    typed: String,
    errors: FieldErrors<WordsField>,
}

struct Line {
    question: String,
    answer: String,
    when: String,
}

fn line(question: Question, own: ClinicianId, now: DateTime<Utc>) -> Line {
    let by = if question.clinician == own { "You asked" } else { "Asked" };
    let answered = question
        .answered_at
        .map_or_else(|| "waits for an answer".to_owned(), |at| format!("answered {}", words::when(at, now)));
    Line {
        when: format!("{by} {}. {answered}", words::when(question.asked_at, now)),
        question: question.words,
        answer: question.answer.unwrap_or_default(),
    }
}

struct Seen {
    session: SessionFacts,
    questions: Vec<Question>,
    own: ClinicianId,
}

async fn see(app: &App, who: &Admitted, session: SessionId) -> Result<Seen, AppError> {
    let tx = &mut app.db.look(who).await?;
    let own = find_own(tx).await?;
    find_standing(tx, (session, own)).await?.ok_or(AppError::NotFound)?;
    let facts = list_sessions(tx, &[session]).await?.pop().ok_or(AppError::NotFound)?;
    let questions = list_of_session(tx, (session, own)).await?;
    Ok(Seen { session: facts, questions, own })
}

impl Seen {
    fn page(self, app: &App, page: PageFrame) -> AskingPage {
        let now = app.clock.now();
        AskingPage {
            page,
            action: format!("/questions/{}", self.session.id),
            session_href: format!("/find-sessions/{}", self.session.id),
            words: SessionWords::of(&self.session),
            is_to_come: refuse_closed(&self.session, now).is_ok(),
            asked: self.questions.into_iter().map(|question| line(question, self.own, now)).collect(),
            typed: String::new(),
            errors: FieldErrors::none(),
        }
    }
}

/// `GET /questions/{id}`.
pub async fn questions_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    page(&see(app, &who, *id).await?.page(app, who.frame(&request)))
}

/// `POST /questions/{id}`: asks.
pub async fn ask(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let words = match forms::question(&form) {
        Ok(words) => words,
        Err(errors) => return again(app, &who, *id, (&form, errors), &request).await,
    };
    let (session, letterhead) = (*id, app.letterhead());
    let asked = app.db.change(&who, async |tx| ask_about(tx, &letterhead, session, &words).await);
    match asked.await.map_err(|error| answered(error, app.clock.now()))? {
        Asked::Waits(_) | Asked::WaitedBefore(_) => Ok(see_told(&format!("/questions/{session}"), WAITS)),
        Asked::TooMany => {
            let waiting = words::number(MOST_WAITING);
            let sentence =
                format!("{waiting} questions of yours wait for an answer. Ask more once there is one");
            again(app, &who, session, (&form, FieldErrors::one(WordsField::Words, sentence)), &request).await
        }
    }
}

async fn again(
    app: &App,
    who: &Admitted,
    session: SessionId,
    (form, errors): (&RawForm, FieldErrors<WordsField>),
    request: &HttpRequest,
) -> Result<HttpResponse, AppError> {
    let page = see(app, who, session).await?.page(app, who.frame(request));
    page_with_errors(&AskingPage { typed: form.get("words").to_owned(), errors, ..page })
}

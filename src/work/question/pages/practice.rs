//! `/answers`: what clinicians ask about a practice's sessions, and its answers.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::QuestionId;
use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::work::booking::pages::answered_to;
use crate::work::question::actions::{Answered, answer_question};
use crate::work::question::forms::{self, WordsField};
use crate::work::question::store::{self, find_managed_by, list_managed_by};

const TOLD: &str = "Your answer is there for everybody who sees the session. Who asked gets an email.";
const MEANWHILE: &str = "Somebody else answered meanwhile. This is their answer; you can change it.";

/// What follows `/answers?`.
#[derive(Debug, Deserialize)]
pub struct AnswersQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/question/pages/practice.html")]
struct AnswersPage {
    page: PageFrame,
    waiting: Vec<Line>,
    answered: Vec<Line>,
    pages: Pagination,
}

struct Line {
    href: String,
    question: String,
    answer: String,
    session: String,
}

fn line(row: &store::Line) -> Line {
    Line {
        href: format!("/answers/{}", row.question.id),
        question: row.question.words.clone(),
        answer: row.question.answer.clone().unwrap_or_default(),
        session: when_and_where(row),
    }
}

/// "Tue 10 Nov, 8:30am to 12:40pm, Orchid House Surgery".
fn when_and_where(row: &store::Line) -> String {
    let day = words::short_date(words::london_date(row.starts_at));
    format!("{day}, {}, {}", words::time_span(row.starts_at, row.ends_at), row.practice_name)
}

/// `GET /answers`.
pub async fn answers_page(
    who: Admitted,
    query: web::Query<AnswersQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let membership = who.membership;
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_managed_by(tx, membership, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let (waiting, answered): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.question.answers == 0);
    page(&AnswersPage {
        page: who.frame(&request),
        waiting: waiting.into_iter().map(line).collect(),
        answered: answered.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/answers?page={number}")),
    })
}

#[derive(Template)]
#[template(path = "work/question/pages/answer.html")]
struct AnswerPage {
    page: PageFrame,
    action: String,
    session_href: String,
    session: String,
    asker: String,
    question: String,
    /// How many answers the form knows of.
    after: i32,
    typed: String,
    errors: FieldErrors<WordsField>,
}

async fn see(
    app: &App,
    who: &Admitted,
    id: QuestionId,
    request: &HttpRequest,
) -> Result<AnswerPage, AppError> {
    let tx = &mut app.db.look(who).await?;
    let row = find_managed_by(tx, who.membership, id).await?.ok_or(AppError::NotFound)?;
    let asked = words::when(row.question.asked_at, app.clock.now());
    Ok(AnswerPage {
        page: who.frame(request),
        action: format!("/answers/{id}"),
        session_href: format!("/sessions/{}", row.question.session),
        session: when_and_where(&row),
        asker: format!("{} asked {asked}", row.asker),
        question: row.question.words,
        after: row.question.answers,
        typed: row.question.answer.unwrap_or_default(),
        errors: FieldErrors::none(),
    })
}

/// `GET /answers/{id}`: one question, and the form that answers it.
pub async fn answer_page(
    who: Admitted,
    id: web::Path<QuestionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    page(&see(app, &who, *id, &request).await?)
}

/// `POST /answers/{id}`: answers it, or answers it anew.
pub async fn answer(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<QuestionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let read = match forms::answer(&form) {
        Ok(read) => read,
        Err(errors) => return again(app, &who, *id, (&form, errors), &request).await,
    };
    let (id, letterhead, now) = (*id, app.letterhead(), app.clock.now());
    let done = app.db.change(&who, async |tx| answer_question(tx, &letterhead, id, &read).await);
    Ok(match done.await.map_err(|error| answered_to(Audience::Practice, error, now))? {
        Answered::Told => see_told("/answers", TOLD),
        Answered::Meanwhile => see_told(&format!("/answers/{id}"), MEANWHILE),
    })
}

async fn again(
    app: &App,
    who: &Admitted,
    id: QuestionId,
    (form, errors): (&RawForm, FieldErrors<WordsField>),
    request: &HttpRequest,
) -> Result<HttpResponse, AppError> {
    let page = see(app, who, id, request).await?;
    page_with_errors(&AnswerPage { typed: form.get("words").to_owned(), errors, ..page })
}

//! `/application/{token}`: the application of whoever holds its link. It is kept as it is written, sent, followed and taken
//! back. A link that opens nothing looks like a page that is not there.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::{Statement, frame, optional_choices, role_of, statements, takes_files, vacancy_of};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::sign_in::TokenHash;
use crate::ground::web::components::{Choice, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::app_of;
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::hiring::application::actions::find_own;
use crate::hiring::application::actions::follow::answer_offer;
use crate::hiring::application::actions::write::withdraw;
use crate::hiring::application::forms::ApplicationField;
use crate::hiring::application::moves::{Side, may_move, told};
use crate::hiring::application::opportunity::QUESTIONS;
use crate::hiring::application::store::find_of_link;
use crate::hiring::application::{Application, Door, RightToWork, State, copy, door};
use crate::hiring::search::store::Advertised;
use crate::people::document::size;
use crate::terms::bank::Role;

/// What a link opens.
pub(super) struct Opened {
    pub(super) actor: Actor,
    pub(super) own: Application,
    pub(super) vacancy: Advertised,
    pub(super) role: Option<Role>,
}

/// Who holds a link, and what it opens.
pub(super) async fn open(app: &App, token: &str) -> Result<Opened, AppError> {
    let found = find_of_link(&mut app.db.look(Actor::Visitor).await?, &TokenHash::of(token)).await?;
    let (bank, application) = found.ok_or(AppError::NotFound)?;
    let actor = Actor::Applicant { bank, application };
    let tx = &mut app.db.look(actor).await?;
    let own = find_own(tx).await?;
    let vacancy = vacancy_of(tx, own.vacancy).await?;
    let role = role_of(tx, &vacancy).await?;
    Ok(Opened { actor, own, vacancy, role })
}

struct Question {
    name: &'static str,
    asks: &'static str,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "hiring/application/pages/form.html")]
pub(super) struct FormPage {
    page: PageFrame,
    path: String,
    title: String,
    practice: String,
    vacancy_href: String,
    /// Until when it can be sent.
    deadline: String,
    is_late: bool,
    email: String,
    statements: Vec<Statement>,
    /// "GMC number, like 7012345"; "" where the role has no register.
    register: String,
    rights: Vec<Choice>,
    takes_files: bool,
    /// What is kept as the CV: "cv.pdf, 120 KB", or "".
    cv: String,
    is_disability_confident: bool,
    questions: Vec<Question>,
    raw: RawForm,
    errors: FieldErrors<ApplicationField>,
}

#[derive(Template)]
#[template(path = "hiring/application/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    path: String,
    title: String,
    practice: String,
    vacancy_href: String,
    state: Tag,
    sentence: String,
    /// Nothing can be sent any more that was not.
    is_too_late: bool,
    can_withdraw: bool,
    is_offered: bool,
    facts: Vec<(&'static str, String)>,
    statements: Vec<(String, String)>,
}

/// Where an application stands, in a word.
pub(super) fn tag(state: State) -> Tag {
    let colour = match state {
        State::Begun | State::Withdrawn | State::Declined | State::Unsuccessful => TagColour::Grey,
        State::Received | State::Shortlisted | State::Reserve => TagColour::Blue,
        State::Interview | State::Offered | State::Checks => TagColour::Yellow,
        State::Accepted | State::Started => TagColour::Green,
    };
    Tag::new(state.name(), colour)
}

/// What is told of where it stands.
fn sentence(own: &Application, now: DateTime<Utc>) -> String {
    let sent = own.sent_at.map(|at| words::when(at, now)).unwrap_or_default();
    if own.state == State::Begun {
        return "The vacancy closed before you sent your application.".to_owned();
    }
    let (stands, next) = told(own.state);
    let late = if own.is_late { ", after the vacancy had closed" } else { "" };
    format!("{stands} {next} Sent {sent}{late}.")
}

/// The form with what is typed in it.
pub(super) fn form_page(
    request: &HttpRequest,
    opened: &Opened,
    (raw, errors): (RawForm, FieldErrors<ApplicationField>),
) -> Result<FormPage, AppError> {
    let app = app_of(request)?;
    let (now, vacancy, own) = (app.clock.now(), &opened.vacancy, &opened.own);
    let (until, is_late) = match door(&vacancy.times(), own.begun_at, now) {
        Door::Late(until) => (until, true),
        Door::Open | Door::Closed => (vacancy.times().end(), false),
    };
    let register = opened.role.as_ref().and_then(|role| {
        let (register, example) = (role.regulator.as_ref()?, role.register_example.as_ref()?);
        Some(format!("{register} number, like {example}"))
    });
    let right =
        |one: &RightToWork| Choice::new(one.code(), one.name(), raw.get("right_to_work") == one.code());
    let question = |one: &crate::hiring::application::opportunity::Question| Question {
        name: one.name,
        asks: one.asks,
        choices: optional_choices(one.answers, raw.get(one.name)),
    };
    Ok(FormPage {
        page: frame(request, vacancy),
        path: request.path().to_owned(),
        title: vacancy.advert.title.clone(),
        practice: vacancy.practice().to_owned(),
        vacancy_href: format!("/vacancies/{}", own.vacancy),
        deadline: words::deadline(until, now),
        is_late,
        email: own.email.clone(),
        statements: statements(vacancy, &raw),
        register: register.unwrap_or_default(),
        rights: RightToWork::ALL.iter().map(right).collect(),
        takes_files: takes_files(app)?,
        cv: own.cv.as_ref().map(|(name, bytes)| format!("{name}, {}", size(*bytes))).unwrap_or_default(),
        is_disability_confident: vacancy.advert.is_disability_confident,
        questions: QUESTIONS.iter().map(question).collect(),
        raw,
        errors,
    })
}

fn own_page(request: &HttpRequest, opened: &Opened) -> Result<OwnPage, AppError> {
    let (own, now) = (&opened.own, app_of(request)?.clock.now());
    let was_sent = own.sent_at.is_some();
    let facts = copy::facts(&own.answers, own.cv.as_ref().map(|(name, _)| name.as_str()));
    Ok(OwnPage {
        page: frame(request, &opened.vacancy),
        path: request.path().to_owned(),
        title: opened.vacancy.advert.title.clone(),
        practice: opened.vacancy.practice().to_owned(),
        vacancy_href: format!("/vacancies/{}", own.vacancy),
        state: tag(own.state),
        sentence: sentence(own, now),
        is_too_late: own.state == State::Begun,
        can_withdraw: own.state == State::Begun || may_move(own.state, State::Withdrawn, Side::Applicant),
        is_offered: own.state == State::Offered,
        facts: if was_sent { facts } else { Vec::new() },
        statements: copy::statements(&own.answers),
    })
}

/// `GET /application/{token}`: the form as it was left, or where it stands.
pub async fn show(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let is_open = door(&opened.vacancy.times(), opened.own.begun_at, app.clock.now()) != Door::Closed;
    if opened.own.state == State::Begun && is_open {
        let raw = RawForm::from_pairs(opened.own.typed.clone());
        return page(&form_page(&request, &opened, (raw, FieldErrors::none()))?);
    }
    page(&own_page(&request, &opened)?)
}

/// `POST /application/{token}/withdraw`: takes it back.
pub async fn take_back(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let letterhead = app.letterhead();
    let own = app.db.change(opened.actor, async |tx: &mut Tx| withdraw(tx, &letterhead).await).await?;
    Ok(if own.state == State::Begun {
        see_told(&format!("/vacancies/{}", own.vacancy), "What you had written is deleted.")
    } else {
        see_told(&format!("/application/{token}"), "Your application is withdrawn.")
    })
}

/// `POST /application/{token}/offer`: the applicant takes the post that is offered, or declines it.
pub async fn answer(
    token: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let takes_it = match form.get("answer") {
        "accept" => true,
        "decline" => false,
        _ => return page(&own_page(&request, &opened)?),
    };
    let letterhead = app.letterhead();
    app.db.change(opened.actor, async |tx: &mut Tx| answer_offer(tx, &letterhead, takes_it).await).await?;
    Ok(see_told(&format!("/application/{token}"), "The practice is told by email."))
}

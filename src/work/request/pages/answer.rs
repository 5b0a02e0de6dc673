//! `/requests/{id}`: who asks for a session, and the practice's answer.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::{asked_words, tag_of, travel_words};
use crate::eligibility::facts::PairFacts;
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::RequestId;
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::forms::AnswerField;
use crate::work::booking::messages::{SessionWords, pay_words};
use crate::work::booking::pages::answered_to;
use crate::work::booking::store::facts::list_pairs;
use crate::work::request::actions::{Answered, answer_request, terms_of};
use crate::work::request::forms;
use crate::work::request::store::find_managed_by;
use crate::work::request::store::lists::{RequestLine, count_worked_there, list_waiting_for};
use crate::work::request::{DeclineReason, Request, RequestState};

const BOOKED: &str = "The clinician is booked. Both of you get an email.";
const DECLINED: &str = "You declined. The clinician gets an email with your reason.";
const STANDS: &str = "Your answer changes nothing. This is how the request stands.";

#[derive(Template)]
#[template(path = "work/request/pages/answer.html")]
struct AnswerPage {
    page: PageFrame,
    action: String,
    session_href: String,
    clinician: String,
    role: String,
    registration: String,
    words: SessionWords,
    state: Tag,
    is_waiting: bool,
    why: String,
    pay: String,
    travel: String,
    worked: String,
    note: String,
    asked: String,
    others: String,
    /// Why they can't be booked as things stand.
    refused: String,
    choices: Vec<Choice>,
    reasons: Vec<Choice>,
    errors: FieldErrors<AnswerField>,
}

/// What is known of a request.
struct Seen {
    request: Request,
    facts: PairFacts,
    worked: i64,
    others: i64,
    /// The request among those that nobody has answered, with its round.
    own: Option<RequestLine>,
}

/// Of one session no more are looked through.
const MOST_ASKING: i64 = 1_000;

async fn see(app: &App, who: &Admitted, id: RequestId) -> Result<Seen, AppError> {
    let now = app.clock.now();
    let tx = &mut app.db.look(who).await?;
    let request = find_managed_by(tx, who.membership, id).await?.ok_or(AppError::NotFound)?;
    let pair = (request.session, request.clinician);
    let facts = list_pairs(tx, &[pair], now).await?.pop().ok_or(AppError::NotFound)?;
    let worked = count_worked_there(tx, pair).await?;
    let waiting = list_waiting_for(tx, who.membership, Some(request.session), (MOST_ASKING, 0)).await?;
    let all = waiting.first().map_or(0, |row| row.total);
    let others = all - i64::from(request.state.is_open());
    let own = waiting.into_iter().find(|row| row.id == id);
    Ok(Seen { request, facts, worked, others, own })
}

impl Seen {
    fn page(&self, app: &App, frame: PageFrame) -> Result<AnswerPage, AppError> {
        let now = app.clock.now();
        let person = &self.facts.clinician.person;
        let is_waiting = self.request.state.is_open() && !self.request.gathers();
        let (pay, refused) = match terms_of(&self.facts) {
            Ok((rate, pay)) => (pay_words(rate, pay), String::new()),
            Err(DeskError::Refused(refusal)) => (String::new(), refusal.sentence(Audience::Practice, now)),
            Err(other) => return Err(answered_to(Audience::Practice, other, now)),
        };
        Ok(AnswerPage {
            page: frame,
            action: format!("/requests/{}", self.request.id),
            session_href: format!("/sessions/{}", self.request.session),
            clinician: person.name.clone(),
            role: self.facts.clinician.role_name.clone(),
            registration: person.registration_number.clone().unwrap_or_default(),
            words: SessionWords::of(&self.facts.session),
            state: tag_of(&self.request.state),
            is_waiting,
            why: match &self.request.state {
                RequestState::Declined(reason) => format!("{reason}."),
                RequestState::Ended(reason) | RequestState::NotGiven(reason) => reason.clone(),
                _ => self.own.as_ref().map(round_words).unwrap_or_default(),
            },
            pay,
            travel: travel_words(&self.facts),
            worked: match self.worked {
                0 => "Not yet".to_owned(),
                times => words::count(times, "session", "sessions"),
            },
            note: self.request.note.clone(),
            asked: words::capitalised(&words::when(self.request.requested_at, now)),
            others: match self.others {
                0 => String::new(),
                others => words::capitalised(&words::count(
                    others,
                    "other clinician asks for this session too",
                    "other clinicians ask for this session too",
                )),
            },
            refused: if is_waiting { refused } else { String::new() },
            choices: choices(""),
            reasons: reasons(""),
            errors: FieldErrors::none(),
        })
    }
}

/// What a round has to do with a request that nobody has answered; empty where it is in none.
pub(super) fn round_words(row: &RequestLine) -> String {
    let Some(number) = row.round_number else { return String::new() };
    let at = |instant: Option<DateTime<Utc>>| instant.map(words::moment).unwrap_or_default();
    match (row.asked_by, row.turn) {
        (Some(asked), Some(turn)) => format!(
            "Round {number} proposes them: {}, it was their choice {}, and their turn was number {turn}. Confirm by {}, or it goes back.",
            asked_words(asked),
            row.choice,
            at(row.confirm_by)
        ),
        _ => format!(
            "It gathers in round {number} until {}. Then the round proposes, and you confirm.",
            at(row.closes_at)
        ),
    }
}

impl AnswerPage {
    fn with_errors(self, form: &RawForm, errors: FieldErrors<AnswerField>) -> Self {
        Self { choices: choices(form.get("answer")), reasons: reasons(form.get("reason")), errors, ..self }
    }
}

fn choices(chosen: &str) -> Vec<Choice> {
    [("accept", "Accept: book this clinician"), ("decline", "Decline")]
        .map(|(value, label)| Choice::new(value, label, value == chosen))
        .to_vec()
}

fn reasons(chosen: &str) -> Vec<Choice> {
    let choice = |reason: DeclineReason| Choice::new(reason.code(), reason.text(), reason.code() == chosen);
    DeclineReason::ALL.map(choice).to_vec()
}

/// `GET /requests/{id}`.
pub async fn answer_page(
    who: Admitted,
    id: web::Path<RequestId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let seen = see(app, &who, *id).await?;
    page(&seen.page(app, who.frame(&request))?)
}

/// `POST /requests/{id}`: accepts or declines.
pub async fn answer(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<RequestId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let answer = match forms::answer(&form) {
        Ok(answer) => answer,
        Err(errors) => {
            let seen = see(app, &who, *id).await?;
            let again = seen.page(app, who.frame(&request))?;
            return page_with_errors(&again.with_errors(&form, errors));
        }
    };
    let (id, desk, now) = (*id, Desk::of(app), app.clock.now());
    let done = app.db.change(&who, async |tx| answer_request(tx, &desk, id, answer).await);
    Ok(match done.await.map_err(|error| answered_to(Audience::Practice, error, now))? {
        Answered::Booked(booking) => see_told(&format!("/bookings/{booking}"), BOOKED),
        Answered::Declined => see_told("/requests", DECLINED),
        Answered::Stands(_) => see_told(&format!("/requests/{id}"), STANDS),
    })
}

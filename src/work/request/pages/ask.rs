//! `/find-sessions/{id}`: one session that wants somebody, and the form that asks for it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::find::unusual;
use super::travel_words;
use crate::eligibility::facts::PairFacts;
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::{OfferId, RequestId, SessionId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::people::practice::extras;
use crate::people::practice::store::extras::list_extras_at;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::{SessionWords, pay_words};
use crate::work::booking::pages::answered;
use crate::work::booking::refusal::{Refusal, refuse_closed};
use crate::work::booking::store::facts::list_pairs;
use crate::work::request::actions::{Asked, ask_for_session, terms_of};
use crate::work::request::forms::{self, AskField};
use crate::work::request::store::{Standing, find_standing};
use crate::work::round::Round;
use crate::work::round::store::find_open;

const WAITS: &str = "You have asked for the session. The practice gets an email.";
const BOOKED: &str = "You are booked. The practice books you at once when you ask.";
const GATHERS: &str = "You have asked in the round. Say below which of your requests you want most.";
const WAITED: &str = "You have asked for this session already.";
const IS_OFFERED: &str = "This session is offered to you already. Accept it here.";

#[derive(Template)]
#[template(path = "work/request/pages/ask.html")]
struct AskPage {
    page: PageFrame,
    action: String,
    questions_href: String,
    words: SessionWords,
    pay: String,
    travel: String,
    /// What the practice pays beside the rate; "" where nothing.
    extras: String,
    /// What is unusual about asking.
    remark: String,
    /// Why it can't be asked for, and what to do.
    refused: Option<(String, String)>,
    offer: Option<OfferId>,
    waiting: Option<RequestId>,
    /// The round that it is in: where its page is, its number, and when it closes.
    round: Option<(String, i32, String)>,
    note: String,
    errors: FieldErrors<AskField>,
}

/// What is known of a session and the clinician who looks at it.
struct Seen {
    facts: PairFacts,
    standing: Standing,
    round: Option<Round>,
    extras: String,
}

async fn see(app: &App, who: &Admitted, session: SessionId) -> Result<Seen, AppError> {
    let now = app.clock.now();
    let tx = &mut app.db.look(who).await?;
    let own = find_own(tx).await?;
    let standing = find_standing(tx, (session, own)).await?.ok_or(AppError::NotFound)?;
    standing.refuse_unless_open().map_err(|obstacle| answered(obstacle.into(), now))?;
    let facts = list_pairs(tx, &[(session, own)], now).await?.pop().ok_or(AppError::NotFound)?;
    let round = find_open(tx).await?.filter(|round| round.takes(facts.session.starts_at));
    let extras = extras::in_words(&list_extras_at(tx, facts.session.practice, now).await?);
    Ok(Seen { facts, standing, round, extras })
}

impl Seen {
    /// What they would be paid, and what is unusual about asking; or why they can't.
    fn terms(&self, app: &App) -> Result<(String, String), DeskError> {
        refuse_closed(&self.facts.session, app.clock.now())?;
        if !self.standing.wants_somebody {
            return Err(Refusal::SessionFilled.into());
        }
        let (rate, pay) = terms_of(&self.facts)?;
        Ok((pay_words(rate, pay), unusual(&self.facts, rate)?))
    }

    fn page(&self, app: &App, frame: PageFrame) -> Result<AskPage, AppError> {
        let now = app.clock.now();
        let (pay, remark, refused) = match self.terms(app) {
            Ok((pay, remark)) => (pay, remark, None),
            Err(DeskError::Refused(refusal)) => {
                let sentence = format!("{}.", refusal.sentence(Audience::Clinician, now));
                (String::new(), String::new(), Some((sentence, refusal.next_step(Audience::Clinician))))
            }
            Err(other) => return Err(answered(other, now)),
        };
        Ok(AskPage {
            page: frame,
            action: format!("/find-sessions/{}", self.facts.session.id),
            questions_href: format!("/questions/{}", self.facts.session.id),
            words: SessionWords::of(&self.facts.session),
            pay,
            travel: travel_words(&self.facts),
            extras: self.extras.clone(),
            remark,
            refused,
            offer: self.standing.offer_id,
            waiting: self.standing.request_id,
            round: self
                .round
                .as_ref()
                .map(|round| (format!("/rounds/{}", round.id), round.number, words::moment(round.closes_at))),
            note: String::new(),
            errors: FieldErrors::none(),
        })
    }
}

/// `GET /find-sessions/{id}`.
pub async fn ask_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let seen = see(app, &who, *id).await?;
    page(&seen.page(app, who.frame(&request))?)
}

/// `POST /find-sessions/{id}`: asks for it.
pub async fn ask(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let session = *id;
    let seen = see(app, &who, session).await?;
    let note = match forms::note(&form) {
        Ok(note) => note,
        Err(errors) => {
            let again = seen.page(app, who.frame(&request))?;
            let note = form.get("note").to_owned();
            return page_with_errors(&AskPage { note, errors, ..again });
        }
    };
    let desk = Desk::of(app);
    let asked = app.db.change(&who, async |tx| ask_for_session(tx, &desk, session, &note).await);
    Ok(match asked.await.map_err(|error| answered(error, app.clock.now()))? {
        Asked::Waits(_) => see_told("/my-requests", WAITS),
        Asked::Booked(booking) => see_told(&format!("/bookings/{booking}"), BOOKED),
        Asked::Gathers(..) => see_told("/my-requests", GATHERS),
        Asked::WaitedBefore(_) => see_told("/my-requests", WAITED),
        Asked::IsOffered(offer) => see_told(&format!("/offers/{offer}"), IS_OFFERED),
    })
}

//! A clinician's offers, and the page on which one is answered.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::eligibility::block::{Block, blocks};
use crate::eligibility::words::{Audience, told_to_themselves};
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{BookingId, OfferId, PracticeId, SessionId};
use crate::ground::web::components::{Choice, Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::people::credential::store::record::Whose;
use crate::people::practice::extras;
use crate::people::practice::guide::Guide;
use crate::people::practice::store::extras::list_extras_at;
use crate::people::practice::store::guide::find_guide;
use crate::people::profile::store::load_profile;
use crate::terms::bank::calendar::local_date;
use crate::terms::rules::Cancelling;
use crate::terms::rules::store::load_cancelling;
use crate::work::booking::actions::answer::answer_own_offer;
use crate::work::booking::actions::not_again::ask_again;
use crate::work::booking::desk::Desk;
use crate::work::booking::fee::Fees;
use crate::work::booking::forms::{self, AnswerField};
use crate::work::booking::messages::{SessionWords, pay_words};
use crate::work::booking::offer::{Offer, OfferState};
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::bookings::find_booking_of_offer;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::lists::{OfferLine, list_offers_of_clinician};
use crate::work::booking::store::not_again::{NotAgainRow, list_of_clinician};
use crate::work::booking::store::offers::find_offer;

const BOOKED: &str = "You are booked. You and the practice get an email.";
const DECLINED: &str = "You declined the session. It can now be offered to somebody else.";

/// What follows `/offers?`.
#[derive(Debug, Deserialize)]
pub struct OffersQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/booking/pages/offers.html")]
struct OffersPage {
    page: PageFrame,
    blocks: Vec<Block>,
    open: Vec<OpenOffer>,
    answered: Vec<AnsweredOffer>,
    pages: Pagination,
    given_back: Vec<GivenBack>,
}

/// A session that is not offered to them again.
struct GivenBack {
    id: SessionId,
    session: String,
    why: &'static str,
    can_be_asked_for: bool,
}

fn given_back(row: &NotAgainRow) -> GivenBack {
    let date = words::short_date(words::london_date(row.starts_at));
    GivenBack {
        id: row.session_id,
        session: format!("{date}, {}, {}", words::time_span(row.starts_at, row.ends_at), row.practice),
        why: told_to_themselves(row.cause),
        can_be_asked_for: row.cause.is_their_own(),
    }
}

struct OpenOffer {
    href: String,
    heading: String,
    place: String,
    pay: String,
    travel: String,
    answer_by: String,
}

struct AnsweredOffer {
    href: String,
    date: String,
    times: String,
    practice: String,
    rate: String,
    state: Tag,
}

/// `GET /offers`: those that wait for an answer, then what became of the others.
pub async fn offers_page(
    who: Admitted,
    query: web::Query<OffersQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let (membership, zone) = (who.membership, who.time_zone);
    let today = local_date(zone, now);
    let tx = &mut app.db.look(&who).await?;
    let profile = load_profile(tx, Whose::Membership(membership), today).await?;
    let profile = profile.ok_or(AppError::NotFound)?;
    let own = profile.record.clinician.id;
    let read = async |span: Span| list_offers_of_clinician(tx, own, (span.limit, span.offset)).await;
    let (lines, shown) = query.page.read(read, |line| line.total).await?;
    let not_again = list_of_clinician(tx, own).await?;
    let (open, answered): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.is_open);
    page(&OffersPage {
        page: who.frame(&request),
        blocks: blocks(&profile, zone, today),
        open: open.into_iter().map(|line| open_offer(line, now)).collect(),
        answered: answered.into_iter().map(answered_offer).collect(),
        pages: shown.links(|number| format!("/offers?page={number}")),
        given_back: not_again.iter().map(given_back).collect(),
    })
}

fn open_offer(line: &OfferLine, now: DateTime<Utc>) -> OpenOffer {
    let date = words::full_date(words::london_date(line.starts_at));
    OpenOffer {
        href: format!("/offers/{}", line.id),
        heading: format!("{date}, {}", words::time_span(line.starts_at, line.ends_at)),
        place: format!("{}, {}", line.practice_name, line.practice_postcode),
        pay: pay_words(line.rate_pence_per_hour, line.pay_pence),
        travel: format!("{} from home", words::distance(i64::from(line.road_metres))),
        answer_by: words::deadline(line.expires_at, now),
    }
}

fn answered_offer(line: &OfferLine) -> AnsweredOffer {
    let (text, colour) = match line.state.as_str() {
        "accepted" => ("Accepted", TagColour::Green),
        "declined" => ("Declined", TagColour::Grey),
        "withdrawn" => ("Withdrawn", TagColour::Grey),
        _ => ("Not answered in time", TagColour::Orange),
    };
    AnsweredOffer {
        href: line
            .booking_id
            .map_or_else(|| format!("/offers/{}", line.id), |booking| format!("/bookings/{booking}")),
        date: words::short_date(words::london_date(line.starts_at)),
        times: words::time_span(line.starts_at, line.ends_at),
        practice: line.practice_name.clone(),
        rate: words::rate_an_hour(i64::from(line.rate_pence_per_hour)),
        state: Tag::new(text, colour),
    }
}

/// An offer on the page where it is answered, signed in or by its link.
#[derive(Template)]
#[template(path = "work/booking/pages/offer.html")]
pub(crate) struct OfferPage {
    pub(crate) page: PageFrame,
    pub(crate) by_link: bool,
    pub(crate) action: String,
    pub(crate) heading: String,
    pub(crate) sentence: String,
    pub(crate) words: SessionWords,
    pub(crate) pay: String,
    pub(crate) travel: String,
    pub(crate) answer_by: String,
    /// What the practice would owe if it cancelled; "" where nothing.
    pub(crate) cancelling: String,
    /// What the practice pays beside the rate; "" where nothing.
    pub(crate) extras: String,
    pub(crate) is_open: bool,
    pub(crate) is_accepted: bool,
    pub(crate) booking: Option<BookingId>,
    /// What the practice says to those who come.
    pub(crate) guide: Vec<(&'static str, String)>,
    /// The practice's own page.
    pub(crate) place_href: String,
    /// What was asked about the session.
    pub(crate) questions_href: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) reason: String,
    pub(crate) errors: FieldErrors<AnswerField>,
}

impl OfferPage {
    /// The page of an offer that stands as it does; `action` is where the form goes.
    pub(crate) fn of(shown: &ShownOffer, page: PageFrame, action: String, now: DateTime<Utc>) -> Self {
        let offer = &shown.offer;
        let (heading, sentence) = standing_in_words(offer, now);
        Self {
            page,
            by_link: false,
            action,
            heading,
            sentence,
            pay: pay_words(offer.rate_pence_per_hour, offer.pay_pence),
            travel: format!("{} from home", words::distance(i64::from(offer.road_metres))),
            answer_by: words::deadline(offer.expires_at, now),
            cancelling: shown.fees.in_words(),
            extras: shown.extras.clone(),
            is_open: offer.is_open(now),
            is_accepted: matches!(offer.state, OfferState::Accepted { .. }),
            booking: shown.booking,
            guide: shown.guide.for_everybody(),
            place_href: format!("/places/{}", shown.practice),
            questions_href: format!("/questions/{}", offer.session),
            words: shown.words.clone(),
            choices: choices(""),
            reason: String::new(),
            errors: FieldErrors::none(),
        }
    }

    /// The page again, with what was entered and what is wrong with it.
    pub(crate) fn with_errors(mut self, raw: &RawForm, errors: FieldErrors<AnswerField>) -> Self {
        self.choices = choices(raw.get("answer"));
        raw.get("reason").clone_into(&mut self.reason);
        self.errors = errors;
        self
    }
}

fn choices(chosen: &str) -> Vec<Choice> {
    [("accept", "Accept: I will work this session"), ("decline", "Decline: offer it to somebody else")]
        .map(|(value, label)| Choice::new(value, label, value == chosen))
        .to_vec()
}

/// The heading and the sentence below it, by where an offer stands.
fn standing_in_words(offer: &Offer, now: DateTime<Utc>) -> (String, String) {
    let refusal = match &offer.state {
        OfferState::Open if offer.is_open(now) => {
            return ("A session is offered to you".to_owned(), String::new());
        }
        OfferState::Accepted { .. } => return ("You are booked".to_owned(), String::new()),
        OfferState::Declined { .. } => {
            return (
                "You declined this session".to_owned(),
                "Thank you for letting us know. It can now be offered to somebody else, and is not offered to you again unless you ask for it.".to_owned(),
            );
        }
        OfferState::Withdrawn { reason, .. } => Refusal::OfferWithdrawn(reason.clone()),
        OfferState::Open | OfferState::Lapsed { .. } => Refusal::OfferLapsed(offer.expires_at),
    };
    (refusal.sentence(Audience::Clinician, now), refusal.next_step(Audience::Clinician))
}

/// What a page shows of an offer.
pub(crate) struct ShownOffer {
    pub(crate) offer: Offer,
    pub(crate) words: SessionWords,
    pub(crate) booking: Option<BookingId>,
    pub(crate) practice: PracticeId,
    pub(crate) guide: Guide,
    /// What the practice owes if it cancels what is booked by it now.
    pub(crate) fees: Fees,
    /// What it pays beside the rate to whoever is booked by it now.
    pub(crate) extras: String,
}

/// An offer that was found, with its session, its booking and what the practice says. Three
/// statements, and two more while it can be answered.
pub(crate) async fn show(tx: &mut Tx, offer: Offer) -> Result<ShownOffer, AppError> {
    let session = list_sessions(tx, &[offer.session]).await?.pop();
    let session = session.ok_or(AppError::NotFound)?;
    let booking = find_booking_of_offer(tx, offer.id).await?;
    let guide = find_guide(tx, session.practice).await?;
    // What is booked keeps its own terms.
    let now = tx.now();
    let (cancelling, extras) = if offer.is_open(now) {
        (load_cancelling(tx).await?, list_extras_at(tx, session.practice, now).await?)
    } else {
        (Cancelling::default(), Vec::new())
    };
    let fees = Fees {
        steps: cancelling.steps_for(session.starts_at, tx.now()).clone(),
        pay_pence: offer.pay_pence,
        starts_at: session.starts_at,
    };
    let words = SessionWords::of(&session);
    Ok(ShownOffer {
        offer,
        words,
        booking,
        practice: session.practice,
        guide,
        fees,
        extras: extras::in_words(&extras),
    })
}

/// An offer to whoever is signed in.
async fn show_own_offer(who: &Admitted, app: &App, id: OfferId) -> Result<ShownOffer, AppError> {
    let tx = &mut app.db.look(who).await?;
    let own = find_own(tx).await?;
    let offer = find_offer(tx, id).await?.filter(|offer| offer.clinician == own);
    show(tx, offer.ok_or(AppError::NotFound)?).await
}

/// `GET /offers/{id}`.
pub async fn offer_page(
    who: Admitted,
    id: web::Path<OfferId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let shown = show_own_offer(&who, app, *id).await?;
    let frame = who.frame(&request);
    page(&OfferPage::of(&shown, frame, format!("/offers/{id}"), app.clock.now()))
}

/// `POST /offers/{id}`: accepts or declines.
pub async fn answer_offer(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<OfferId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let answer = match forms::answer(&form) {
        Ok(answer) => answer,
        Err(errors) => {
            let shown = show_own_offer(&who, app, *id).await?;
            let frame = who.frame(&request);
            let again = OfferPage::of(&shown, frame, format!("/offers/{id}"), app.clock.now());
            return page_with_errors(&again.with_errors(&form, errors));
        }
    };
    let (id, desk, now) = (*id, Desk::of(app), app.clock.now());
    let answered = app.db.change(&who, async |tx| answer_own_offer(tx, &desk, id, &answer).await);
    Ok(match answered.await.map_err(|error| super::answered(error, now))? {
        Some(booking) => see_told(&format!("/bookings/{booking}"), BOOKED),
        None => see_told("/offers", DECLINED),
    })
}

const ASKED_AGAIN: &str = "You asked for the session again. It can be offered to you while nobody is booked.";
const WANTS_NOBODY: &str = "The session is filled, withdrawn or over by now, so it can’t be offered to you.";

/// `POST /offers/ask-again`: a session that they gave back can be offered to them again.
pub async fn ask_for_again(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let session: SessionId = form.get("session").parse().map_err(|_no_id| AppError::NotFound)?;
    let is_wanted = app.db.change(&who, async |tx| ask_again(tx, session).await).await?;
    Ok(see_told("/offers", if is_wanted { ASKED_AGAIN } else { WANTS_NOBODY }))
}

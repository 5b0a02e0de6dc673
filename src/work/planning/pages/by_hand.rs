//! `/unfilled-sessions/{id}`: a bank administrator sees who can be booked in a session and why others can't, and books
//! somebody who has agreed. The booking itself is the booking desk's.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::id::{BookingId, ClinicianId, SessionId};
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::AskedPage;
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::store::load_catalogue;
use crate::work::booking::actions::book::book;
use crate::work::booking::actions::not_again;
use crate::work::booking::pages::answered_to;
use crate::work::booking::store::offers::{HeldOffer, list_held_offers};
use crate::work::booking::{Desk, WayIn, Wish};
use crate::work::planning::by_hand::{Candidate, Standing, candidates};
use crate::work::planning::forms::by_hand::{BookField, read_booking};
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::people::Whom;
use crate::work::session::pages::detail::{Known, tag_of};
use crate::work::session::store::standing::find_session_so_far;

/// A session with everybody of its roles.
struct Judged {
    known: Known,
    /// Open offers of the session.
    held: Vec<HeldOffer>,
    /// None where no rate is left that the session could pay.
    candidates: Option<Vec<Candidate>>,
}

impl Judged {
    /// Places that are neither booked nor held by an offer.
    fn free_places(&self) -> i64 {
        let booked = i64::try_from(self.known.booked.len()).unwrap_or(i64::MAX);
        (i64::from(self.known.session.asked.places) - booked - self.known.open_offers()).max(0)
    }

    /// Why nobody can be booked, whoever they are; nothing where somebody can.
    fn closed(&self, now: DateTime<Utc>) -> &'static str {
        let is_full =
            self.known.booked.len() >= usize::try_from(self.known.session.asked.places).unwrap_or(0);
        if !self.known.session.is_wanted_at(now) {
            "This session is withdrawn or has begun, so nobody can be booked in it."
        } else if is_full {
            "Every place is booked."
        } else if self.free_places() == 0 {
            "Every place that is left is held by an offer. Somebody else can be booked once it is declined, has lapsed or is taken back."
        } else if self.candidates.is_none() {
            "The commissioner's rate range leaves no rate that this session could pay. Ask the practice to change its rate."
        } else {
            ""
        }
    }
}

/// Loads a session of the bank and judges everybody of its roles by the facts a plan is made from.
async fn judged(app: &App, who: &Admitted, id: SessionId, now: DateTime<Utc>) -> Result<Judged, AppError> {
    let tx = &mut app.db.look(who).await?;
    let so_far = find_session_so_far(tx, id).await?.ok_or(AppError::NotFound)?;
    let asked = &so_far.session.asked;
    let scope = Scope {
        from: asked.times.local_date,
        until: asked.times.local_date,
        starts_after: now,
        sessions: Some(vec![id]),
        clinicians: Whom::OfRoles(asked.roles.clone()),
        leaves_rounds: false,
    };
    let facts = read_facts(tx, &scope, who.time_zone, app.settings.matching.policy).await?;
    let held = list_held_offers(tx, id).await?;
    let known = Known::of(so_far, load_catalogue(tx).await?);
    let candidates = candidates(&facts, &known.catalogue)
        .map_err(|fault| AppError::internal("judging who can be booked", fault.to_string()))?;
    Ok(Judged { known, held, candidates })
}

/// What follows `/unfilled-sessions/{id}?`.
#[derive(Debug, Deserialize)]
pub struct WhoQuery {
    #[serde(default)]
    show: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/planning/pages/by_hand.html")]
struct WhoPage {
    page: PageFrame,
    heading: String,
    known: Known,
    state: Tag,
    path: String,
    /// Whether whoever is booked can still be taken out.
    can_be_cancelled: bool,
    /// The rota of its day.
    rota_href: String,
    offers: Vec<OfferLine>,
    closed: &'static str,
    tabs: Vec<Tab>,
    caption: &'static str,
    lines: Vec<Line>,
    pages: Pagination,
}

/// One of the lists, and how many are in it.
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

/// An offer that waits for its answer.
struct OfferLine {
    words: String,
    take_back_href: String,
    name: String,
}

fn offer_line(held: &HeldOffer, path: &str, now: DateTime<Utc>) -> OfferLine {
    OfferLine {
        words: format!("{}, to answer by {}", held.name, words::deadline(held.expires_at, now)),
        take_back_href: format!("{path}/take-back?offer={}", held.id),
        name: held.name.clone(),
    }
}

struct Line {
    name: String,
    href: String,
    role: String,
    rate: String,
    distance: String,
    against: Vec<String>,
    book_href: String,
    /// The id of the clinician, where plans do not propose them again.
    propose_again: String,
}

/// `GET /unfilled-sessions/{id}`: who fits, who would have to agree, and what keeps the others out.
pub async fn who_page(
    who: Admitted,
    id: web::Path<SessionId>,
    query: web::Query<WhoQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let judged = judged(app, &who, *id, now).await?;
    let shown = Standing::ALL.into_iter().find(|standing| standing.code() == query.show);
    let shown = (shown.unwrap_or(Standing::Fits), query.page);
    page(&WhoPage::of(who.frame(&request), judged, shown, now))
}

impl WhoPage {
    /// `shown` is the list that is looked at, and which page of it.
    fn of(
        page: PageFrame,
        judged: Judged,
        (shown, asked): (Standing, AskedPage),
        now: DateTime<Utc>,
    ) -> Self {
        let closed = judged.closed(now);
        let Judged { known, held, candidates } = judged;
        let path = format!("/unfilled-sessions/{}", known.session.asked.id);
        let everybody = candidates.unwrap_or_default();
        let of_standing = |standing| everybody.iter().filter(move |person| person.standing == standing);
        let tab = |standing: Standing| Tab {
            text: format!("{} ({})", standing.name(), of_standing(standing).count()),
            href: format!("{path}?show={}", standing.code()),
            is_current: standing == shown,
        };
        let part = asked.of(i64::try_from(of_standing(shown).count()).unwrap_or(i64::MAX));
        let can_be_booked = closed.is_empty() && shown != Standing::CanNot;
        let line = |person: &Candidate| line(person, &known, can_be_booked.then_some(path.as_str()), now);
        Self {
            page,
            heading: known.session.asked.times.when_text(),
            can_be_cancelled: known.session.asked.times.starts_at > now,
            rota_href: format!("/rota?from={}&days=1", known.session.asked.times.local_date),
            state: tag_of(known.standing(now)),
            offers: held.iter().map(|held| offer_line(held, &path, now)).collect(),
            closed,
            tabs: Standing::ALL.into_iter().map(tab).collect(),
            caption: shown.name(),
            lines: part.part(of_standing(shown)).map(line).collect(),
            pages: part.links(|number| format!("{path}?show={}&page={number}", shown.code())),
            path,
            known,
        }
    }
}

/// What speaks against somebody, in words.
fn against(person: &Candidate, now: DateTime<Utc>) -> Vec<String> {
    person.against.iter().map(|obstacle| obstacle.sentence(Audience::Administrator, now)).collect()
}

fn line(person: &Candidate, known: &Known, path: Option<&str>, now: DateTime<Utc>) -> Line {
    let mut against = against(person, now);
    if person.is_offered {
        against.push("Has been offered it, and has not answered yet".to_owned());
    }
    Line {
        name: person.name.clone(),
        href: format!("/clinicians/{}", person.clinician),
        role: known.catalogue.role_name(&person.role).to_owned(),
        rate: words::rate_an_hour(person.rate_pence_per_hour),
        distance: words::distance(person.road_metres),
        against,
        book_href: path
            .map_or_else(String::new, |path| format!("{path}/book?clinician={}", person.clinician)),
        propose_again: person.not_again.map_or_else(String::new, |_| person.clinician.to_string()),
    }
}

/// What follows `/unfilled-sessions/{id}/book?`.
#[derive(Debug, Deserialize)]
pub struct BookQuery {
    #[serde(default)]
    clinician: Typed,
}

#[derive(Template)]
#[template(path = "work/planning/pages/book.html")]
struct BookPage {
    page: PageFrame,
    when: String,
    path: String,
    known: Known,
    person: Candidate,
    against: Vec<String>,
    distance: String,
    /// Names this page, so that pressing twice books once.
    key: String,
    rate: String,
    is_agreed: bool,
    errors: FieldErrors<BookField>,
}

/// `GET /unfilled-sessions/{id}/book`: what is about to be booked.
pub async fn book_page(
    who: Admitted,
    id: web::Path<SessionId>,
    query: web::Query<BookQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&asked(&who, &request, (*id, &query.clinician), None).await?)
}

/// The page that asks before it books; `sent` is the form that came back with something to mend.
async fn asked(
    who: &Admitted,
    request: &HttpRequest,
    (id, clinician): (SessionId, &str),
    sent: Option<(&RawForm, FieldErrors<BookField>)>,
) -> Result<BookPage, AppError> {
    let app = app_of(request)?;
    let now = app.clock.now();
    let judged = judged(app, who, id, now).await?;
    let closed = judged.closed(now);
    let found = judged.candidates.unwrap_or_default();
    let person = found.into_iter().find(|person| person.clinician.to_string() == clinician);
    let person = person.ok_or(AppError::NotFound)?;
    if !closed.is_empty() {
        return Err(AppError::conflict("Nobody can be booked in this session now", closed));
    }
    if person.standing == Standing::CanNot {
        let title = format!("{} can't be booked in this session", person.name);
        return Err(AppError::conflict(title, format!("{}.", against(&person, now).join(". "))));
    }
    let session = &judged.known.session;
    // Who asks more than the session pays is proposed the most it pays.
    let proposed = person.rate_pence_per_hour.min(session.asked.rate_max_pence_per_hour.into());
    let times = &session.asked.times;
    let (key, rate, is_agreed, errors) = if let Some((form, errors)) = sent {
        (form.get("key").to_owned(), form.get("rate").to_owned(), form.is_ticked("agreed", "yes"), errors)
    } else {
        let rate = format!("{}.{:02}", proposed / 100, proposed % 100);
        (BookingId::new().to_string(), rate, false, FieldErrors::none())
    };
    Ok(BookPage {
        page: who.frame(request),
        when: times.when_text(),
        path: format!("/unfilled-sessions/{}", session.asked.id),
        distance: words::distance(person.road_metres),
        known: judged.known,
        against: against(&person, now),
        person,
        key,
        rate,
        is_agreed,
        errors,
    })
}

/// `POST /unfilled-sessions/{id}/book`: books somebody who has agreed, by the one function that books. The key of the
/// page that asked makes sure that pressing twice books once.
pub async fn book_by_hand(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let session = *id;
    let rate_pence_per_hour = match read_booking(&form) {
        Ok(rate) => rate,
        Err(errors) => {
            let whom = (session, form.get("clinician"));
            return page_with_errors(&asked(&who, &request, whom, Some((&form, errors))).await?);
        }
    };
    let clinician: ClinicianId = form.get("clinician").parse().map_err(|_no_id| AppError::NotFound)?;
    let key: BookingId = form.get("key").parse().map_err(|_no_key| AppError::ForeignForm)?;
    let wish = Wish {
        session,
        clinician,
        way_in: WayIn::Administrator { rate_pence_per_hour },
        key: format!("booking.administrator:{}:{session}:{clinician}:{key}", who.account),
    };
    let (desk, now) = (Desk::of(app), app.clock.now());
    let outcome = app.db.change(&who, async |tx| book(tx, &desk, &wish).await);
    outcome.await.map_err(|error| answered_to(Audience::Administrator, error, now))?;
    let said = "The clinician is booked. Both sides get an email.";
    Ok(see_told(&format!("/unfilled-sessions/{session}"), said))
}

/// `POST /unfilled-sessions/{id}/propose-again`: plans can propose somebody again who gave the session back, lost it or was
/// left out of it.
pub async fn propose_again(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let session = *id;
    let clinician: ClinicianId = form.get("clinician").parse().map_err(|_no_id| AppError::NotFound)?;
    let is_wanted =
        app.db.change(&who, async |tx| not_again::propose_again(tx, session, clinician).await).await?;
    let said = if is_wanted {
        "Plans can propose the clinician for this session again."
    } else {
        "The session is filled, withdrawn or over by now, so no plan proposes anybody for it."
    };
    Ok(see_told(&format!("/unfilled-sessions/{session}"), said))
}

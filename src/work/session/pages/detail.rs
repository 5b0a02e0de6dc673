//! One session: its facts, who is booked, how its offers stand, and why a place is empty.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::eligibility::empty::{Explanation, explain};
use crate::ground::app::App;
use crate::ground::id::SessionId;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::practice::extras;
use crate::people::practice::store::extras::list_extras_at;
use crate::terms::bank::store::load_catalogue;
use crate::terms::bank::{Catalogue, calendar};
use crate::work::booking::fee::Fees;
use crate::work::question::Question;
use crate::work::question::store::list_asked_about;
use crate::work::request::store::lists::{RequestLine, list_waiting_for};
use crate::work::round::Round;
use crate::work::round::store::find_open;
use crate::work::session::standing::Standing;
use crate::work::session::store::standing::{
    Booked, LeftEmpty, Offered, SessionSoFar, find_session_managed_by,
};
use crate::work::session::{Session, SessionState};
use crate::work::stage::store::list_stages;
use crate::work::stage::{Stage, in_words};

/// A session of a practice the person acts for, with all that pages say of it.
pub struct Known {
    /// The session.
    pub session: Session,
    /// The name of its practice.
    pub practice: String,
    /// Who is booked.
    pub booked: Vec<Booked>,
    /// How its offers stand.
    pub offered: Option<Offered>,
    /// What roles and competencies are called.
    pub catalogue: Catalogue,
    /// In which stages it is released, where its page was asked for.
    pub stages: Vec<Stage>,
    left_empty: Option<LeftEmpty>,
}

/// Loads the session of that id, unless it is not one of the person's own practices: then there is none.
pub async fn load(app: &App, who: &Admitted, id: SessionId) -> Result<Known, AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let own = find_session_managed_by(tx, membership, id).await?;
    let known = Known::of(own.ok_or(AppError::NotFound)?, load_catalogue(tx).await?);
    Ok(Known { stages: list_stages(tx, id).await?, ..known })
}

/// Where a session stands, in a word or two.
#[must_use]
pub fn tag_of(standing: Standing) -> Tag {
    match standing {
        Standing::Withdrawn => Tag::new("Withdrawn", TagColour::Grey),
        Standing::Filled => Tag::new("Filled", TagColour::Green),
        Standing::PartFilled { booked, places } => {
            Tag::new(format!("{booked} of {places} filled"), TagColour::Yellow)
        }
        Standing::Offered => Tag::new("Offered", TagColour::Blue),
        Standing::Open => Tag::new("Open", TagColour::Yellow),
        Standing::Unfilled => Tag::new("Not filled", TagColour::Red),
    }
}

impl Known {
    /// A session as it stands, with what roles and competencies are called.
    #[must_use]
    pub fn of(so_far: SessionSoFar, catalogue: Catalogue) -> Self {
        let SessionSoFar { session, practice, booked, offered, left_empty } = so_far;
        Self { session, practice, booked, offered, catalogue, left_empty, stages: Vec::new() }
    }

    /// Where its page is.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/sessions/{}", self.session.asked.id)
    }

    /// What the practice owes when it cancels, of each who is booked.
    #[must_use]
    pub fn fees(&self) -> Vec<Fees> {
        let starts_at = self.session.asked.times.starts_at;
        let fees = |row: &Booked| Fees { steps: row.fee_steps.clone(), pay_pence: row.pay_pence, starts_at };
        self.booked.iter().map(fees).collect()
    }

    /// Where the session stands.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        Standing::of(&self.session, self.booked.len(), self.open_offers(), now)
    }

    /// How many offers wait for an answer.
    #[must_use]
    pub fn open_offers(&self) -> i64 {
        self.offered.as_ref().map_or(0, |offered| offered.open)
    }

    /// "GP or paramedic".
    #[must_use]
    pub fn roles(&self) -> String {
        let roles: Vec<&str> =
            self.session.asked.roles.iter().map(|role| self.catalogue.role_name(role)).collect();
        words::list_or(&roles)
    }

    /// "Coil fitting and spirometry", or "None".
    #[must_use]
    pub fn competencies(&self) -> String {
        let codes = self.session.asked.competencies.iter();
        let names: Vec<&str> = codes.map(|code| self.catalogue.competency_name(code)).collect();
        if names.is_empty() { "None".to_owned() } else { words::list(&names) }
    }

    /// Whether somebody supervises it or has to.
    #[must_use]
    pub fn names_supervisor(&self) -> bool {
        let asked = &self.session.asked;
        !asked.supervisor.is_empty() || !self.catalogue.supervised(&asked.roles).is_empty()
    }

    /// Who supervises on the day.
    #[must_use]
    pub fn supervisor(&self) -> &str {
        if self.session.asked.supervisor.is_empty() {
            "Nobody is named yet"
        } else {
            &self.session.asked.supervisor
        }
    }

    /// What is known of its offers, a sentence each.
    #[must_use]
    pub fn offers_in_words(&self, now: DateTime<Utc>) -> Vec<String> {
        let Some(offered) = &self.offered else { return Vec::new() };
        let mut sentences = Vec::new();
        if offered.open > 0 {
            let waiting = words::count(offered.open, "offer waits", "offers wait");
            let until = offered.next_answer_by.map(|by| words::deadline(by, now)).unwrap_or_default();
            sentences.push(format!("{} for an answer, by {until}", words::capitalised(&waiting)));
        }
        if offered.declined > 0 {
            let declined = words::count(offered.declined, "offer was declined", "offers were declined");
            sentences.push(words::capitalised(&declined));
        }
        if offered.lapsed > 0 {
            let lapsed = words::count(
                offered.lapsed,
                "offer was not answered in time",
                "offers were not answered in time",
            );
            sentences.push(words::capitalised(&lapsed));
        }
        sentences
    }

    /// Why a place is empty; nothing where none is, or where an offer is out for it.
    fn why(&self, now: DateTime<Utc>) -> Option<Explanation> {
        if !self.standing(now).has_empty_place() || self.open_offers() > 0 {
            return None;
        }
        let unexplained = |sentence: &str, step: &str| Explanation {
            sentence: sentence.to_owned(),
            blocked: Vec::new(),
            next_steps: if step.is_empty() { Vec::new() } else { vec![step.to_owned()] },
        };
        if self.session.asked.times.starts_at <= now {
            let left = self.left_empty.as_ref().map(|left| explain(left.reason, &left.blocked));
            // What could have been done is of no use once it has begun.
            let left = left.map(|left| Explanation { next_steps: Vec::new(), ..left });
            return left.or_else(|| Some(unexplained("Nobody was booked before it began.", "")));
        }
        Some(self.left_empty.as_ref().map_or_else(
            || {
                unexplained(
                    "Matching has not looked at this session yet.",
                    "Your bank administrator runs matching. Offers go out when they publish its plan.",
                )
            },
            |left| explain(left.reason, &left.blocked),
        ))
    }
}

#[derive(Template)]
#[template(path = "work/session/pages/detail.html")]
struct SessionPage {
    page: PageFrame,
    heading: String,
    week_href: String,
    known: Known,
    state: Tag,
    span: String,
    length: String,
    posted: String,
    withdrawn: String,
    people: Vec<PersonLine>,
    /// The round that it is in: where its page is, its number, and when it closes.
    round: Option<(String, i32, String)>,
    /// To whom it is open, and when that changes, a sentence each; empty where it wants nobody any more.
    stages: Vec<String>,
    stages_href: String,
    asking: Vec<Asker>,
    asking_more: bool,
    /// What is asked about it: the words, where they are answered, and whether they are.
    questions: Vec<(String, String, bool)>,
    offers: Vec<String>,
    why: Option<Explanation>,
    /// What the practice pays beside the rate; "" where nothing.
    extras: String,
    time_href: String,
    /// Where everything about it is changed, as long as nobody has agreed to it.
    asked_href: String,
    change_href: String,
    withdraw_href: String,
}

/// The most who are named of those that ask for a session.
const MOST_ASKING: i64 = 10;

struct Asker {
    name: String,
    role: String,
    href: String,
}

fn asker(row: &RequestLine) -> Asker {
    Asker {
        name: row.clinician_name.clone(),
        role: row.role_name.clone(),
        href: format!("/requests/{}", row.id),
    }
}

fn asked(question: &Question) -> (String, String, bool) {
    (question.words.clone(), format!("/answers/{}", question.id), question.answers > 0)
}

struct PersonLine {
    name: String,
    role: String,
    rate: String,
    href: String,
}

/// `GET /sessions/{id}`: one session.
pub async fn session_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = load(app, &who, *id).await?;
    let tx = &mut app.db.look(&who).await?;
    let asking = list_waiting_for(tx, who.membership, Some(*id), (MOST_ASKING, 0)).await?;
    let open = find_open(tx).await?;
    let questions = list_asked_about(tx, *id).await?.iter().map(asked).collect();
    let extras = extras::in_words(&list_extras_at(tx, known.session.asked.practice, now).await?);
    let shown = SessionPage::of(who.frame(&request), known, (&asking, open.as_ref()), now);
    page(&SessionPage { questions, extras, ..shown })
}

impl SessionPage {
    fn of(
        page: PageFrame,
        known: Known,
        (asking, open): (&[RequestLine], Option<&Round>),
        now: DateTime<Utc>,
    ) -> Self {
        let session = &known.session;
        let round = open.filter(|round| round.takes(session.asked.times.starts_at));
        let person = |row: &Booked| PersonLine {
            name: row.name.clone(),
            role: known.catalogue.role_name(&row.role).to_owned(),
            rate: words::rate_an_hour(row.rate_pence_per_hour.into()),
            href: format!("/bookings/{}", row.booking_id),
        };
        let is_wanted = session.is_wanted_at(now);
        let href = |what: &str| if is_wanted { format!("{}/{what}", known.href()) } else { String::new() };
        Self {
            page,
            heading: session.asked.times.when_text(),
            week_href: format!("/sessions?week={}", calendar::monday_of(session.asked.times.local_date)),
            state: tag_of(known.standing(now)),
            span: session.asked.times.span_text(),
            length: words::duration(session.asked.times.minutes()),
            posted: words::capitalised(&words::when(session.posted_at, now)),
            withdrawn: match &session.state {
                SessionState::Open => String::new(),
                SessionState::Withdrawn { at, reason } => {
                    format!("{}: {reason}", words::capitalised(&words::when(*at, now)))
                }
            },
            people: known.booked.iter().map(person).collect(),
            round: round
                .map(|round| (format!("/rounds/{}", round.id), round.number, words::moment(round.closes_at))),
            stages: if is_wanted { in_words(&known.stages, now) } else { Vec::new() },
            stages_href: href("stages"),
            asking: asking.iter().map(asker).collect(),
            questions: Vec::new(),
            asking_more: asking.first().map_or(0, |first| first.total) > MOST_ASKING,
            offers: known.offers_in_words(now),
            why: known.why(now),
            extras: String::new(),
            time_href: href("time"),
            asked_href: if known.booked.is_empty() && known.open_offers() == 0 && asking.is_empty() {
                href("asked")
            } else {
                String::new()
            },
            change_href: href("change"),
            withdraw_href: href("withdraw"),
            known,
        }
    }
}

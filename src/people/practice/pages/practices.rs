//! A manager's own practices, and the bank's list of practices.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::guide::system_of;
use crate::ground::form_fields::Typed;
use crate::ground::id::PracticeId;
use crate::ground::web::components::{Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::{PRACTICE_DATA_ATTRIBUTION, PageFrame};
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::AskedPage;
use crate::ground::words;
use crate::people::practice::guide::Guide;
use crate::people::practice::store::guide::list_guides;
use crate::people::practice::store::refusals::{RefusedClinician, list_refused_clinicians};
use crate::people::practice::store::successor::{find_successor, list_closing};
use crate::people::practice::successor::Successor;
use crate::people::practice::{Contact, Practice, Standing, store};
use crate::terms::bank::Competency;

/// What follows `/practices?`.
#[derive(Debug, Deserialize)]
pub struct PracticesQuery {
    #[serde(default)]
    search: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "people/practice/pages/list.html")]
struct PracticesPage {
    page: PageFrame,
    closing: Vec<(String, String)>,
    search: String,
    caption: String,
    lines: Vec<PracticeLine>,
    pages: Pagination,
}

struct PracticeLine {
    practice: Practice,
    href: String,
    state: Tag,
}

/// The frame, with what is owed to the publisher of the register where practices of it are shown.
fn attributed<'a>(frame: PageFrame, mut shown: impl Iterator<Item = &'a Practice>) -> PageFrame {
    if shown.any(Practice::is_from_register) {
        frame.with_attribution(PRACTICE_DATA_ATTRIBUTION)
    } else {
        frame
    }
}

/// How it stands on `today`.
fn state_of(practice: &Practice, today: chrono::NaiveDate) -> Tag {
    match practice.standing_on(today) {
        Standing::Open => Tag::new("Open", TagColour::Green),
        Standing::OpenUntil(last) => {
            Tag::new(format!("Open until {}", words::date_without_weekday(last)), TagColour::Yellow)
        }
        Standing::Opens(first) => {
            Tag::new(format!("Opens {}", words::date_without_weekday(first)), TagColour::Blue)
        }
        Standing::Dormant(_) => Tag::new("Dormant", TagColour::Grey),
        Standing::Closed(_) => Tag::new("Closed", TagColour::Grey),
    }
}

/// `GET /practices`: the bank's practices, by name, 50 a page.
pub async fn practices_page(
    who: Admitted,
    query: web::Query<PracticesQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let search = query.search.trim().to_owned();
    let wanted = search.clone();
    let tx = &mut app.db.look(&who).await?;
    let total = store::count_practices(tx, &wanted).await?;
    let shown = query.page.of(total);
    let found = store::list_practices(tx, &wanted, shown.span().limit, shown.span().offset).await?;
    let today = words::london_date(app.clock.now());
    let closing = list_closing(tx, today).await?;
    let line = |practice: Practice| PracticeLine {
        href: format!("/practices/{}", practice.id),
        state: state_of(&practice, today),
        practice,
    };
    let encoded = serde_html_form::to_string([("search", search.as_str())]).unwrap_or_default();
    let frame = who.frame(&request);
    page(&PracticesPage {
        page: attributed(frame, found.iter()),
        closing: closing.into_iter().map(|it| (format!("/practices/{}", it.id), closes(&it))).collect(),
        caption: words::capitalised(&words::count(total, "practice", "practices")),
        search,
        lines: found.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/practices?{encoded}&page={number}")),
    })
}

/// "Orchid House Surgery: last day 30 June 2028".
fn closes(practice: &Practice) -> String {
    let last_day = practice.closed_on.map(words::date_without_weekday).unwrap_or_default();
    format!("{}: last day {last_day}", practice.name)
}

#[derive(Template)]
#[template(path = "people/practice/pages/one.html")]
struct PracticePage {
    page: PageFrame,
    facts: PracticeFacts,
    /// Who takes its place, in a sentence; "" where it goes on.
    place_taken: String,
    /// Where that is named; "" where it has been.
    name_href: String,
}

/// Who takes the place of a practice, in a sentence, and where that is named.
fn place_taken(practice: &Practice, successor: Option<&Successor>) -> (String, String) {
    let Some(last_day) = practice.closed_on.map(words::date_without_weekday) else {
        return Default::default();
    };
    let href = format!("/practices/{}/successor", practice.id);
    match successor {
        Some(Successor { successor_name, named_at: Some(at), .. }) => {
            let named = words::date_without_weekday(words::london_date(*at));
            (
                format!(
                    "{successor_name} takes its place: its last day is {last_day}. That was decided on {named}."
                ),
                String::new(),
            )
        }
        Some(proposed) => {
            let name = &proposed.successor_name;
            (
                format!(
                    "Its last day is {last_day}. The NHS register names {name} as the practice that takes its place."
                ),
                href,
            )
        }
        None => (format!("Its last day is {last_day}. Nobody has been named to take its place."), href),
    }
}

/// A practice with what pages say of it.
struct PracticeFacts {
    practice: Practice,
    state: Tag,
    clinical_system: String,
    contacts: Vec<Contact>,
    refused: Vec<RefusedClinician>,
    /// What its managers say to those who come.
    guide: Guide,
    /// Where its manager changes whom it takes; "" for others.
    refusals_href: String,
    /// Where its manager changes what it says to those who come; "" for others.
    guide_href: String,
    /// Where its manager says whom it books at once; "" for others.
    trust_href: String,
    /// Where its manager keeps its lists of preferred people; "" for others.
    preferred_href: String,
    /// Where its manager says what it pays beside the rate; "" for others.
    extras_href: String,
}

impl PracticeFacts {
    fn new(
        practice: Practice,
        competencies: &[Competency],
        (contacts, refused): (&[Contact], &[RefusedClinician]),
        guides: &[(PracticeId, Guide)],
        today: chrono::NaiveDate,
    ) -> Self {
        let guide = guides.iter().find(|(id, _)| *id == practice.id).map(|(_, guide)| guide.clone());
        let guide = guide.unwrap_or_default();
        Self {
            state: state_of(&practice, today),
            clinical_system: system_of(&practice, &guide, competencies),
            contacts: contacts.iter().filter(|person| person.practice_id == practice.id).cloned().collect(),
            refused: refused.iter().filter(|person| person.practice_id == practice.id).cloned().collect(),
            refusals_href: String::new(),
            guide_href: String::new(),
            trust_href: String::new(),
            preferred_href: String::new(),
            extras_href: String::new(),
            guide,
            practice,
        }
    }

    /// As its own manager sees it.
    fn for_its_manager(self) -> Self {
        let (refusals_href, guide_href) = (
            format!("/practice/{}/refusals", self.practice.id),
            format!("/practice/{}/guide", self.practice.id),
        );
        let trust_href = format!("/practice/{}/trust", self.practice.id);
        let preferred_href = format!("/practice/{}/preferred", self.practice.id);
        let extras_href = format!("/practice/{}/extras", self.practice.id);
        Self { refusals_href, guide_href, trust_href, preferred_href, extras_href, ..self }
    }

    fn opened(&self) -> String {
        self.practice.opened_on.map(words::date_without_weekday).unwrap_or_default()
    }

    fn closed(&self) -> String {
        self.practice.closed_on.map(words::date_without_weekday).unwrap_or_default()
    }
}

/// `GET /practices/{id}`: one practice of the bank.
pub async fn practice_page(
    who: Admitted,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let today = words::london_date(app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let practice = store::find_practice(tx, id).await?;
    let practice = practice.ok_or(AppError::NotFound)?;
    let competencies = crate::terms::bank::store::list_competencies(tx).await?;
    let contacts = store::list_contacts(tx, &[id]).await?;
    let refused = list_refused_clinicians(tx, &[id]).await?;
    let guides = list_guides(tx, &[id]).await?;
    let successor = find_successor(tx, id).await?;
    let (place_taken, name_href) = place_taken(&practice, successor.as_ref());
    let facts = PracticeFacts::new(practice, &competencies, (&contacts, &refused), &guides, today);
    let frame = who.frame(&request);
    let page_frame = attributed(frame, std::iter::once(&facts.practice));
    page(&PracticePage { page: page_frame, facts, place_taken, name_href })
}

#[derive(Template)]
#[template(path = "people/practice/pages/own.html")]
struct OwnPracticesPage {
    page: PageFrame,
    heading: &'static str,
    is_from_register: bool,
    practices: Vec<PracticeFacts>,
}

/// `GET /practice`: the practices the signed-in manager acts for.
pub async fn own_practices_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (membership, today) = (who.membership, words::london_date(app.clock.now()));
    let tx = &mut app.db.look(&who).await?;
    let own = store::list_practices_managed_by(tx, membership).await?;
    let ids: Vec<PracticeId> = own.iter().map(|practice| practice.id).collect();
    let competencies = crate::terms::bank::store::list_competencies(tx).await?;
    let contacts = store::list_contacts(tx, &ids).await?;
    let refused = list_refused_clinicians(tx, &ids).await?;
    let guides = list_guides(tx, &ids).await?;
    let facts = |practice| PracticeFacts::new(practice, &competencies, (&contacts, &refused), &guides, today);
    let facts = own.into_iter().map(|practice| facts(practice).for_its_manager());
    let practices = facts.collect::<Vec<_>>();
    let frame = who.frame(&request);
    page(&OwnPracticesPage {
        page: attributed(frame, practices.iter().map(|facts| &facts.practice)),
        is_from_register: practices.iter().any(|facts| facts.practice.is_from_register()),
        heading: if practices.len() == 1 { "Your practice" } else { "Your practices" },
        practices,
    })
}

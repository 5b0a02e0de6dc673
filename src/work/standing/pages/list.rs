//! `/clinicians`: the bank's clinicians for its administrators, and one of them with what decides about their work.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::me::{Facts, HeldLine, RateLine, held_line, rate_lines};
use crate::eligibility::block::{Block, DAYS_OF_WARNING, blocks};
use crate::ground::form_fields::Typed;
use crate::ground::id::ClinicianId;
use crate::ground::web::components::{Choice, Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, ListPage};
use crate::ground::words;
use crate::people::clinician::Clinician;
use crate::people::credential::store::list_clearances;
use crate::people::credential::store::record::Whose;
use crate::people::credential::{Clearance, DocumentEnd, HeldCompetency, shared_number};
use crate::people::document::Document;
use crate::people::document::pages::line::DocumentLine;
use crate::people::document::store::{count_waiting, list_of_clinician};
use crate::people::lookup::Lookup;
use crate::people::profile::Profile;
use crate::people::profile::store::load_profile;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_roles;
use crate::terms::bank::{CompetencyKind, Role};
use crate::terms::rules::store::load_look_ups;
use crate::work::standing::store::directory::{DirectoryRow, count_directory, list_directory};
use crate::work::standing::wanted::{Standing, Wanted};

/// What follows `/clinicians?`.
#[derive(Debug, Deserialize)]
pub struct DirectoryQuery {
    #[serde(default)]
    search: Typed,
    #[serde(default)]
    role: Typed,
    #[serde(default)]
    state: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/standing/pages/list.html")]
struct DirectoryPage {
    page: PageFrame,
    search: String,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    caption: String,
    /// "3 documents to look at", or "" where there is none.
    waiting: String,
    lines: Vec<DirectoryLine>,
    pages: Pagination,
    is_filtered: bool,
}

struct DirectoryLine {
    row: DirectoryRow,
    href: String,
    state: Tag,
    document: String,
}

/// The clearance in one tag: "Until 31 March 2027", "Indemnity ended on 5 November 2026".
fn standing_tag(
    works_until: Option<NaiveDate>,
    (document, is_of_number): (Option<&DocumentEnd>, bool),
    today: NaiveDate,
) -> Tag {
    let soon = today.checked_add_days(Days::new(DAYS_OF_WARNING)).unwrap_or(today);
    match works_until {
        None => Tag::new("Not cleared yet", TagColour::Grey),
        Some(_) if !is_of_number => Tag::new("Number changed: decide again", TagColour::Red),
        Some(last) if last < today && document.is_some() => {
            Tag::new(document.map_or_else(String::new, |document| document.sentence(today)), TagColour::Red)
        }
        Some(last) if last < today => {
            Tag::new(format!("Ended {}", words::date_without_weekday(last)), TagColour::Red)
        }
        Some(last) => {
            let colour = if last <= soon { TagColour::Yellow } else { TagColour::Green };
            Tag::new(format!("Until {}", words::date_without_weekday(last)), colour)
        }
    }
}

/// That their register does not have them, which is worse than anything a clearance says.
fn off_register_tag(lookup: Option<&Lookup>) -> Option<Tag> {
    let lookup = lookup.filter(|lookup| !lookup.outcome.is_registered())?;
    Some(Tag::new(format!("Off the {} register", lookup.register), TagColour::Red))
}

/// `GET /clinicians`.
pub async fn list(
    who: Admitted,
    query: web::Query<DirectoryQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let state = Standing::ALL.into_iter().find(|state| state.code() == query.state).unwrap_or(Standing::Any);
    let wanted =
        Wanted { search: query.search.trim().to_owned(), role: query.role.to_string(), state, today };
    let asked = wanted.clone();
    let tx = &mut app.db.look(&who).await?;
    let look_ups = load_look_ups(tx).await?;
    let total = count_directory(tx, (&asked, look_ups)).await?;
    let shown = query.page.of(total);
    let span = (shown.span().limit, shown.span().offset);
    let rows = list_directory(tx, (&asked, look_ups), span).await?;
    let roles = list_roles(tx).await?;
    let waiting = count_waiting(tx).await?;
    let frame = who.frame(&request);
    let listed = directory_page(frame, &wanted, rows, (total, shown), &roles);
    page(&DirectoryPage { waiting: waiting_text(waiting), ..listed })
}

fn waiting_text(count: i64) -> String {
    if count == 0 {
        String::new()
    } else {
        words::count(count, "document to look at", "documents to look at")
    }
}

fn directory_page(
    page: PageFrame,
    wanted: &Wanted,
    rows: Vec<DirectoryRow>,
    (total, shown): (i64, ListPage),
    roles: &[Role],
) -> DirectoryPage {
    let line = |row: DirectoryRow| DirectoryLine {
        href: format!("/clinicians/{}", row.id),
        state: {
            let document = row.document.clone().map(|name| DocumentEnd { name, ends: row.document_ends });
            off_register_tag(row.lookup.as_ref()).unwrap_or_else(|| {
                standing_tag(row.works_until, (document.as_ref(), row.is_of_number), wanted.today)
            })
        },
        document: match (&row.first_document, row.first_document_ends) {
            (Some(name), Some(last)) => format!("{name}, {}", words::date_without_weekday(last)),
            _ => "–".to_owned(),
        },
        row,
    };
    let mut role_choices = vec![Choice::new("", "All roles", wanted.role.is_empty())];
    role_choices
        .extend(roles.iter().map(|role| Choice::new(&role.code, &role.name, role.code == wanted.role)));
    let state = |state: Standing| Choice::new(state.code(), state.name(), state == wanted.state);
    let asked = [("search", wanted.search.as_str()), ("role", &wanted.role), ("state", wanted.state.code())];
    let encoded = serde_html_form::to_string(asked).unwrap_or_default();
    DirectoryPage {
        page,
        roles: role_choices,
        states: Standing::ALL.into_iter().map(state).collect(),
        caption: words::capitalised(&words::count(total, "clinician", "clinicians")),
        waiting: String::new(),
        lines: rows.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/clinicians?{encoded}&page={number}")),
        is_filtered: asked.iter().any(|(_, value)| !value.is_empty()),
        search: wanted.search.clone(),
    }
}

#[derive(Template)]
#[template(path = "work/standing/pages/one.html")]
struct OnePage {
    page: PageFrame,
    person: Clinician,
    facts: Facts,
    /// That others give the same number; "" where nobody does.
    shared_number: String,
    clearance: Tag,
    is_cleared: bool,
    reason: String,
    /// What their register says, or that it is to be looked up; "" where their role has none.
    register: String,
    look_up_href: String,
    blocks: Vec<Block>,
    rates: Vec<RateLine>,
    clear_href: String,
    end_href: String,
    refuse_href: String,
    document_href: String,
    documents: Vec<(HeldLine, String)>,
    skills: Vec<(HeldLine, String)>,
    /// What they have handed in, each with its page.
    handed_in: Vec<(DocumentLine, String)>,
    decisions: Vec<DecisionLine>,
}

struct DecisionLine {
    at: String,
    by: String,
    until: String,
    reason: String,
}

/// `GET /clinicians/{id}`.
pub async fn one(
    who: Admitted,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let today = local_date(who.time_zone, now);
    let tx = &mut app.db.look(&who).await?;
    let profile = load_profile(tx, Whose::Clinician(*path), today).await?;
    let profile = profile.ok_or(AppError::NotFound)?;
    let decisions = list_clearances(tx, *path).await?;
    let decisions = decisions.iter().map(|clearance| DecisionLine::of(clearance, now)).collect();
    let handed_in = list_of_clinician(tx, *path).await?;
    let shown = OnePage::of(who.frame(&request), profile, decisions, (who.time_zone, today));
    page(&OnePage { handed_in: handed_in.iter().map(|it| handed_in_line(it, now)).collect(), ..shown })
}

fn handed_in_line(document: &Document, now: DateTime<Utc>) -> (DocumentLine, String) {
    let href = format!("/clinicians/{}/documents/{}", document.clinician, document.id);
    (DocumentLine::of(document, &href, now), href)
}

impl DecisionLine {
    fn of(clearance: &Clearance, now: DateTime<Utc>) -> Self {
        Self {
            at: words::when(clearance.decided_at, now),
            by: clearance.decided_by_name.clone(),
            until: words::date_without_weekday(clearance.cleared_until),
            reason: clearance.reason.clone(),
        }
    }
}

impl OnePage {
    fn of(
        page: PageFrame,
        profile: Profile,
        decisions: Vec<DecisionLine>,
        (zone, today): (Tz, NaiveDate),
    ) -> Self {
        let id = profile.record.clinician.id;
        let document_href = format!("/clinicians/{id}/documents/new");
        let lines = |is_meant: fn(CompetencyKind) -> bool| {
            let held = profile.record.held.iter().filter(|held| is_meant(held.kind));
            let line = |held: &HeldCompetency| {
                (held_line(held, today), format!("{document_href}?competency={}", held.code))
            };
            held.map(line).collect()
        };
        let clearance = profile.record.clearance.as_ref();
        let until = clearance.map(|clearance| clearance.cleared_until);
        let document = clearance.and_then(|clearance| clearance.document.as_ref());
        let works_until = clearance.map(|clearance| clearance.works_until);
        let is_of_number = clearance.is_none_or(|clearance| clearance.is_of_number);
        Self {
            page,
            facts: Facts::of(&profile),
            shared_number: shared_number(&profile.record.role, &profile.record.same_number)
                .unwrap_or_default(),
            clearance: off_register_tag(profile.record.lookup.as_ref())
                .unwrap_or_else(|| standing_tag(works_until, (document, is_of_number), today)),
            register: match (&profile.record.lookup, profile.record.open_on_register(today)) {
                (_, Some(open)) => open,
                (Some(lookup), None) => lookup.sentence(),
                (None, None) => String::new(),
            },
            look_up_href: match (
                &profile.record.role.regulator,
                &profile.record.clinician.registration_number,
            ) {
                (Some(_), Some(_)) => format!("/clinicians/{id}/look-up"),
                _ => String::new(),
            },
            is_cleared: until.is_some_and(|until| until >= today),
            // What was seen then is said of another number.
            reason: clearance
                .filter(|clearance| clearance.is_of_number)
                .map(|clearance| clearance.reason.clone())
                .unwrap_or_default(),
            blocks: blocks(&profile, zone, today),
            rates: rate_lines(&profile, today),
            clear_href: format!("/clinicians/{id}/clear"),
            end_href: format!("/clinicians/{id}/end-clearance"),
            refuse_href: format!("/clinicians/{id}/refuse"),
            documents: lines(|kind| kind == CompetencyKind::Document),
            skills: lines(|kind| kind != CompetencyKind::Document),
            document_href,
            handed_in: Vec::new(),
            decisions,
            person: profile.record.clinician,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};

    use super::{DocumentEnd, standing_tag};
    use crate::ground::web::components::TagColour;

    #[test]
    fn the_tag_says_until_when_and_warns_thirty_days_before() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let tag = |days| standing_tag(Some(today + Days::new(days)), (None, true), today);
        assert_eq!((tag(31).colour, tag(30).colour), (TagColour::Green, TagColour::Yellow));
        assert_eq!((tag(0).text.as_str(), tag(0).colour), ("Until 22 November 2026", TagColour::Yellow));
        let ended = standing_tag(today.pred_opt(), (None, true), today);
        assert_eq!((ended.text.as_str(), ended.colour), ("Ended 21 November 2026", TagColour::Red));
        assert_eq!(standing_tag(None, (None, true), today).text, "Not cleared yet");
        let indemnity = |ends| DocumentEnd { name: "Indemnity".to_owned(), ends };
        let says =
            |document: &DocumentEnd| standing_tag(today.pred_opt(), (Some(document), true), today).text;
        assert_eq!(says(&indemnity(today.pred_opt())), "Indemnity ended on 21 November 2026");
        assert_eq!(says(&indemnity(None)), "Indemnity is not recorded");
    }
}

//! `/people`: everybody who acts in the bank, is invited or acted in it, for its administrators.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::form_fields::Typed;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Choice, Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, ListPage, Span};
use crate::ground::words;
use crate::people::membership::store::{PersonLine, list_people};
use crate::people::membership::{Standing, Wanted};

/// What follows `/people?`.
#[derive(Debug, Deserialize)]
pub struct PeopleQuery {
    #[serde(default)]
    search: Typed,
    #[serde(default)]
    kind: Typed,
    #[serde(default)]
    state: Typed,
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "people/membership/pages/list.html")]
struct PeoplePage {
    page: PageFrame,
    search: String,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    caption: String,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    name: String,
    email: String,
    /// Where the person or the invitations are.
    href: String,
    kind: &'static str,
    state: Tag,
    last_signed_in: String,
}

impl Line {
    fn new(row: PersonLine, now: DateTime<Utc>) -> Self {
        let href = row.account.map_or("/invitations".to_owned(), |account| format!("/people/{account}"));
        let colour = match row.standing {
            Standing::Invited => TagColour::Blue,
            Standing::Joined => TagColour::Green,
            Standing::Ended => TagColour::Grey,
        };
        Self {
            href,
            kind: row.kind.name(),
            state: Tag::new(row.standing.name(), colour),
            last_signed_in: row.last_signed_in_at.map_or("–".to_owned(), |at| words::when(at, now)),
            name: if row.name.is_empty() { row.email.clone() } else { row.name },
            email: row.email,
        }
    }
}

/// `GET /people`.
pub async fn list(
    who: Admitted,
    query: web::Query<PeopleQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let wanted = Wanted {
        search: query.search.trim().to_owned(),
        kind: PersonKind::of_code(&query.kind),
        standing: Standing::ALL.into_iter().find(|standing| standing.code() == query.state.as_str()),
    };
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_people(tx, &wanted, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    page(&people_page(who.frame(&request), &wanted, rows, (shown, app.clock.now())))
}

fn people_page(
    page: PageFrame,
    wanted: &Wanted,
    rows: Vec<PersonLine>,
    (shown, now): (ListPage, DateTime<Utc>),
) -> PeoplePage {
    let mut kinds = vec![Choice::new("", "All kinds", wanted.kind.is_none())];
    kinds
        .extend(PersonKind::ALL.map(|kind| Choice::new(kind.code(), kind.name(), wanted.kind == Some(kind))));
    let mut states = vec![Choice::new("", "Joined or invited", wanted.standing.is_none())];
    states
        .extend(Standing::ALL.map(|standing| {
            Choice::new(standing.code(), standing.name(), wanted.standing == Some(standing))
        }));
    let asked = [
        ("search", wanted.search.as_str()),
        ("kind", wanted.kind.map_or("", PersonKind::code)),
        ("state", wanted.standing.map_or("", Standing::code)),
    ];
    let encoded = serde_html_form::to_string(asked).unwrap_or_default();
    let total = rows.first().map_or(0, |row| row.total);
    PeoplePage {
        page,
        search: wanted.search.clone(),
        kinds,
        states,
        caption: words::count(total, "entry", "entries"),
        lines: rows.into_iter().map(|row| Line::new(row, now)).collect(),
        pages: shown.links(|number| format!("/people?{encoded}&page={number}")),
    }
}

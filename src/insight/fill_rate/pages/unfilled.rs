//! The list of unfilled sessions, each with its newest reason.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::fill_rate::choices;
use crate::eligibility::words::Audience;
use crate::ground::form_fields::Typed;
use crate::ground::id::PracticeId;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Choice, Pagination};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::insight::fill_rate::store::{self, UnfilledFilter, UnfilledRow};
use crate::terms::bank::calendar::monday_of;
use crate::terms::bank::{self, Role};

/// Weeks to choose from: so many before the present one, and so many in all.
const WEEKS: (u64, u64) = (4, 13);

/// What follows `/unfilled-sessions?`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    role: Typed,
    #[serde(default)]
    practice: Typed,
    #[serde(default)]
    week: Typed,
    #[serde(default)]
    page: AskedPage,
}

impl Query {
    /// The Monday of the week that is asked for; none for everything from today on.
    fn week(&self) -> Option<NaiveDate> {
        self.week.parse().ok().map(monday_of)
    }

    fn filter(&self, today: NaiveDate) -> UnfilledFilter {
        let week = self.week();
        UnfilledFilter {
            from: week.unwrap_or(today),
            until: week.map(|week| week + Days::new(6)),
            role: Some(self.role.to_string()).filter(|role| !role.is_empty()),
            practice: self.practice.parse().ok(),
        }
    }

    fn role_choices(&self, roles: &[Role]) -> Vec<Choice> {
        let each = roles.iter().map(|role| (role.code.clone(), role.name.clone()));
        choices(each, "All roles", &self.role)
    }

    fn practice_choices(&self, practices: &[(PracticeId, String)]) -> Vec<Choice> {
        let each = practices.iter().map(|(id, name)| (id.to_string(), name.clone()));
        choices(each, "All practices", &self.practice)
    }

    /// Where another page of the same list is.
    fn href(&self, number: u32) -> String {
        let asked = [("role", &self.role), ("practice", &self.practice), ("week", &self.week)];
        let asked = serde_html_form::to_string(asked).unwrap_or_default();
        format!("/unfilled-sessions?{asked}&page={number}")
    }
}

struct Line {
    /// Where somebody can be booked in it; "" for those who book nobody.
    href: String,
    date: String,
    time: String,
    practice: String,
    needs: String,
    rate: String,
    places: String,
    offers: String,
    reason: &'static str,
    blocked: Vec<String>,
}

#[derive(Template)]
#[template(path = "insight/fill_rate/pages/unfilled.html")]
struct UnfilledPage {
    page: PageFrame,
    total: String,
    roles: Vec<Choice>,
    practices: Vec<Choice>,
    weeks: Vec<Choice>,
    lines: Vec<Line>,
    pages: Pagination,
}

/// `GET /unfilled-sessions`: from today on, or of one week.
pub async fn unfilled(
    who: Admitted,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = words::london_date(app.clock.now());
    let filter = query.filter(today);
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| store::list_unfilled(tx, &filter, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    let roles = bank::store::list_roles(tx).await?;
    let practices = store::list_practice_names(tx).await?;
    let total = rows.first().map_or(0, |row| row.total);
    page(&UnfilledPage {
        page: who.frame(&request),
        total: words::count(total, "session has a place", "sessions have places"),
        weeks: week_choices(today, query.week()),
        lines: rows.iter().map(|row| line(row, &roles, who.kind)).collect(),
        roles: query.role_choices(&roles),
        practices: query.practice_choices(&practices),
        pages: shown.links(|number| query.href(number)),
    })
}

fn week_choices(today: NaiveDate, chosen: Option<NaiveDate>) -> Vec<Choice> {
    let first = monday_of(today) - Days::new(7 * WEEKS.0);
    let mondays = (0..WEEKS.1).map(|week| first + Days::new(7 * week));
    let chosen = chosen.map(|week| week.to_string()).unwrap_or_default();
    choices(
        mondays.map(|monday| (monday.to_string(), words::date_span(monday, monday + Days::new(6)))),
        "From today on",
        &chosen,
    )
}

fn line(row: &UnfilledRow, roles: &[Role], kind: PersonKind) -> Line {
    let name = |code: &String| {
        roles.iter().find(|role| role.code == *code).map_or(code.clone(), |role| role.name.clone())
    };
    let needs: Vec<String> = row.roles.iter().map(name).collect();
    Line {
        href: match kind {
            PersonKind::BankAdministrator => format!("/unfilled-sessions/{}", row.id),
            _ => String::new(),
        },
        date: words::short_date(row.local_date),
        time: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice.clone(),
        needs: words::list_or(&needs),
        rate: words::rate_span(row.rate_min_pence_per_hour.into(), row.rate_max_pence_per_hour.into()),
        places: if row.places_left > 1 {
            words::count(row.places_left, "place", "places")
        } else {
            String::new()
        },
        offers: match row.offers_out {
            0 => String::new(),
            offers => words::count(offers, "offer waits for an answer", "offers wait for an answer"),
        },
        reason: match (row.reason, row.offers_out) {
            (Some(reason), _) => reason.sentence(Audience::Commissioner),
            (None, 0) => "Not offered yet.",
            (None, _) => "",
        },
        blocked: row
            .blocked
            .as_ref()
            .map(|blocked| blocked.lines(Audience::Commissioner))
            .unwrap_or_default(),
    }
}

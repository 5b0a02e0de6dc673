//! `/rota`: every session of the bank, with who is booked and to whom it is offered.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::{session_href, when};
use crate::ground::form_fields::Typed;
use crate::ground::web::components::{Choice, Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, ListPage, Span};
use crate::ground::words;
use crate::terms::bank::calendar::local_date;
use crate::work::rota::store::{RotaRow, list_rota};
use crate::work::rota::{DAYS, Filter, State};
use crate::work::session::pages::detail::tag_of;
use crate::work::session::standing::Standing;

/// How many days are shown where none are asked for.
const SHOWN_DAYS: u64 = 7;

/// What follows `/rota?`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    from: Typed,
    #[serde(default)]
    days: Typed,
    #[serde(default)]
    practice: Typed,
    #[serde(default)]
    person: Typed,
    #[serde(default)]
    state: Typed,
    #[serde(default)]
    page: AskedPage,
}

impl Query {
    fn days(&self) -> u64 {
        let asked = self.days.parse().ok();
        asked.filter(|days| DAYS.iter().any(|(offered, _)| offered == days)).unwrap_or(SHOWN_DAYS)
    }

    /// What is looked for; from today on where no date is asked for.
    fn filter(&self, today: NaiveDate) -> Filter {
        let from = self.from.trim().parse().unwrap_or(today);
        Filter {
            from,
            until: Filter::last_day(from, self.days()),
            practice: self.practice.trim().to_owned(),
            person: self.person.trim().to_owned(),
            state: State::of_code(&self.state),
        }
    }

    /// Where the same is asked for other days and another page.
    fn href(&self, from: NaiveDate, number: u32) -> String {
        let (from, days) = (from.to_string(), self.days().to_string());
        let asked = [
            ("from", from.as_str()),
            ("days", &days),
            ("practice", &self.practice),
            ("person", &self.person),
            ("state", &self.state),
        ];
        format!("/rota?{}&page={number}", serde_html_form::to_string(asked).unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "work/rota/pages/list.html")]
struct RotaPage {
    page: PageFrame,
    filter: Filter,
    from: String,
    days: Vec<Choice>,
    states: Vec<Choice>,
    caption: String,
    earlier_href: String,
    later_href: String,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    when: String,
    href: String,
    practice: String,
    practice_href: String,
    roles: String,
    state: Tag,
    people: Vec<Person>,
}

/// Somebody who is booked, or has an offer.
struct Person {
    name: String,
    href: String,
    /// What stands beside the name.
    note: String,
    /// Where the booking can be cancelled; "" of an offer, and of what has begun.
    cancel_href: String,
}

/// `GET /rota`.
pub async fn rota(
    who: Admitted,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let filter = query.filter(local_date(who.time_zone, now));
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_rota(tx, &filter, (span.limit, span.offset)).await;
    let (rows, shown) = query.page.read(read, |row| row.total).await?;
    page(&RotaPage::of(who.frame(&request), &query, filter, (rows, shown), now))
}

impl RotaPage {
    fn of(
        page: PageFrame,
        query: &Query,
        filter: Filter,
        (rows, shown): (Vec<RotaRow>, ListPage),
        now: DateTime<Utc>,
    ) -> Self {
        let days = query.days();
        let total = rows.first().map_or(0, |row| row.total);
        let found = words::capitalised(&words::count(total, "session", "sessions"));
        let earlier = filter.from.checked_sub_days(Days::new(days)).unwrap_or(filter.from);
        let later = filter.from.checked_add_days(Days::new(days)).unwrap_or(filter.from);
        let state = |state: State| Choice::new(state.code(), state.name(), filter.state == Some(state));
        Self {
            page,
            from: filter.from.to_string(),
            days: DAYS.iter().map(|(of, name)| Choice::new(of.to_string(), *name, *of == days)).collect(),
            states: [Choice::new("", "Any", filter.state.is_none())]
                .into_iter()
                .chain(State::ALL.map(state))
                .collect(),
            caption: format!("{found}, {}", words::date_span(filter.from, filter.until)),
            earlier_href: query.href(earlier, 1),
            later_href: query.href(later, 1),
            lines: rows.into_iter().map(|row| line(row, now)).collect(),
            pages: shown.links(|number| query.href(filter.from, number)),
            filter,
        }
    }
}

fn line(row: RotaRow, now: DateTime<Utc>) -> Line {
    let can_be_cancelled = row.starts_at > now;
    let booked = row.booked.0.iter().map(|booked| Person {
        name: booked.name.clone(),
        href: format!("/clinicians/{}/rota", booked.clinician),
        note: "is booked".to_owned(),
        cancel_href: if can_be_cancelled {
            format!("/rota/bookings/{}/cancel", booked.booking)
        } else {
            String::new()
        },
    });
    let offered = row.offered.0.iter().map(|offered| Person {
        name: offered.name.clone(),
        href: format!("/clinicians/{}/rota", offered.clinician),
        note: format!("can answer by {}", words::deadline(offered.expires_at, now)),
        cancel_href: String::new(),
    });
    Line {
        when: when(row.starts_at, row.ends_at),
        href: session_href(row.id),
        practice_href: format!("/practices/{}", row.practice_id),
        roles: words::list_or(&row.roles),
        state: state_of(&row, now),
        people: booked.chain(offered).collect(),
        practice: row.practice,
    }
}

/// Where the session stands.
fn state_of(row: &RotaRow, now: DateTime<Utc>) -> Tag {
    let places = usize::try_from(row.places).unwrap_or_default();
    let has_begun = row.starts_at <= now;
    tag_of(Standing::counted(
        (row.is_withdrawn, has_begun),
        (row.booked.0.len(), places),
        row.offered.0.len(),
    ))
}

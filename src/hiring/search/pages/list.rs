//! `GET /vacancies`: what was found of a search, with how many each filter would leave.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{search_of, where_it_is};
use crate::ground::actor::Actor;
use crate::ground::web::components::{Choice, Pagination};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::{PRACTICE_DATA_ATTRIBUTION, PageFrame};
use crate::ground::web::guard::{MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::hiring::search::forms::{MILES, PAY, SearchQuery};
use crate::hiring::search::store::{Counted, Found, count_by_filter, search_vacancies};
use crate::hiring::search::{HoursSought, Order, Search};
use crate::hiring::vacancy::Contract;

/// The page of the list that follows `/vacancies?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PageQuery {
    page: AskedPage,
}

struct Line {
    title: String,
    href: String,
    place: String,
    distance: String,
    pay: String,
    hours: String,
    closes: String,
}

#[derive(Template)]
#[template(path = "hiring/search/pages/list.html")]
struct ListPage {
    page: PageFrame,
    search: Search,
    /// What is wrong with the place that was typed, or "".
    place_error: String,
    miles: Vec<Choice>,
    roles: Vec<Choice>,
    contracts: Vec<Choice>,
    pay: Vec<Choice>,
    hours: Vec<Choice>,
    orders: Vec<Choice>,
    /// Some of the further filters are set, so that they are to be seen.
    has_filters: bool,
    found: String,
    feed_href: String,
    lines: Vec<Line>,
    pages: Pagination,
}

fn line(found: &Found, now: DateTime<Utc>) -> Line {
    let advert = &found.advert.0;
    Line {
        title: advert.title.clone(),
        href: format!("/vacancies/{}", found.id),
        place: where_it_is(found),
        distance: found
            .metres
            .map(|metres| format!("{} away", words::distance(metres.into())))
            .unwrap_or_default(),
        pay: advert.pay.text(),
        hours: format!("{}, {}", advert.contract.name(), advert.hours.text()),
        closes: format!("Apply by {}", words::deadline(advert.closes_at, now)),
    }
}

/// The choices of a filter: any, and those there are, each with how many it would leave. One that was chosen stays to be
/// seen where it leaves none.
fn counted(any: &str, all: Vec<(String, String, i64)>, chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", any, chosen.is_empty())];
    let is_among = all.iter().any(|(code, ..)| code == chosen);
    let choice = |(code, name, number): (String, String, i64)| {
        let label = format!("{name} ({})", words::number(number));
        let is_chosen = code == chosen;
        Choice::new(code, label, is_chosen)
    };
    choices.extend(all.into_iter().map(choice));
    if !chosen.is_empty() && !is_among {
        let name = Contract::of_code(chosen).map_or("What you chose", Contract::name);
        choices.push(Choice::new(chosen, format!("{name} (0)"), true));
    }
    choices
}

impl ListPage {
    fn new(
        page: PageFrame,
        search: Search,
        counts: Vec<Counted>,
        lines: Vec<Line>,
        pages: Pagination,
    ) -> Self {
        let (roles, contracts): (Vec<_>, Vec<_>) = counts.into_iter().partition(|one| one.is_role);
        let roles = roles.into_iter().map(|one| (one.code, one.name, one.number)).collect();
        let contract = |one: Counted| {
            let name = Contract::of_code(&one.code)?.name().to_owned();
            Some((one.code, name, one.number))
        };
        let miles =
            |miles: &i32| Choice::new(miles.to_string(), format!("{miles} miles"), *miles == search.miles);
        let pay = |pounds: &i64| {
            let label = format!("{} or more", words::pounds(pounds * 100));
            Choice::new(pounds.to_string(), label, Some(*pounds) == search.least_pounds)
        };
        let any_pay = Choice::new("", "Any pay", search.least_pounds.is_none());
        let hours =
            |(one, code, name): &(HoursSought, &str, &str)| Choice::new(*code, *name, *one == search.hours);
        let order = |(one, name): &(Order, &str)| Choice::new(one.code(), *name, *one == search.order);
        let place_error = if search.place.is_empty() || search.found_place.is_some() {
            String::new()
        } else {
            "We do not know that place. Enter a postcode, like DT1 1AA, its first half, or a town. These are vacancies at any place".to_owned()
        };
        Self {
            page,
            place_error,
            miles: MILES.iter().map(miles).collect(),
            roles: counted("Any role", roles, &search.role),
            contracts: counted(
                "Any contract",
                contracts.into_iter().filter_map(contract).collect(),
                &search.contract,
            ),
            pay: std::iter::once(any_pay).chain(PAY.iter().map(pay)).collect(),
            hours: HoursSought::ALL.iter().map(hours).collect(),
            orders: Order::ALL.iter().map(order).collect(),
            has_filters: search.has_filters(),
            found: String::new(),
            feed_href: format!("/vacancies.atom?{}", search.query()),
            lines,
            pages,
            search,
        }
    }
}

/// The page.
pub async fn list(
    _: MaybeSignedIn,
    query: web::Query<SearchQuery>,
    asked: web::Query<PageQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let search = search_of(tx, &query).await?;
    let counts = count_by_filter(tx, &search).await?;
    let read = async |span: Span| search_vacancies(tx, &search, (span.limit, span.offset)).await;
    let (found, shown) = asked.page.read(read, |one| one.total).await?;
    let total = found.first().map_or(0, |one| one.total);
    let pages = shown.links(|number| format!("/vacancies?{}&page={number}", search.query()));
    let lines = found.iter().map(|one| line(one, now)).collect();
    let frame = visitor_frame(&request).with_attribution(PRACTICE_DATA_ATTRIBUTION);
    let list = ListPage::new(frame, search, counts, lines, pages);
    page(&ListPage { found: words::capitalised(&words::count(total, "vacancy", "vacancies")), ..list })
}

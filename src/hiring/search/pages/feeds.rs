//! What programs read of vacancies: a feed of any search (RFC 4287), the same as JSON, and what search engines ask for.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{search_of, where_it_is};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::VacancyId;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::app_of;
use crate::ground::words::moment;
use crate::hiring::search::Search;
use crate::hiring::search::forms::SearchQuery;
use crate::hiring::search::posting::with_offset;
use crate::hiring::search::store::{Found, list_open, search_vacancies};

/// How many vacancies a feed has.
const MOST_IN_A_FEED: i64 = 100;
/// How many addresses a sitemap may have.
const MOST_IN_A_SITEMAP: i32 = 50_000;

struct Entry {
    id: String,
    title: String,
    href: String,
    published: String,
    updated: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "hiring/search/pages/feed.xml")]
struct Feed {
    product_name: String,
    own_href: String,
    page_href: String,
    updated: String,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "hiring/search/pages/sitemap.xml")]
struct Sitemap {
    first: String,
    pages: Vec<(String, String)>,
}

async fn found_of(app: &App, query: &SearchQuery) -> Result<(Search, Vec<Found>), AppError> {
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let search = search_of(tx, query).await?;
    let found = search_vacancies(tx, &search, (MOST_IN_A_FEED, 0)).await?;
    Ok((search, found))
}

fn entry(found: &Found, base_url: &str) -> Entry {
    let advert = &found.advert.0;
    let summary = [
        where_it_is(found),
        advert.contract.name().to_owned(),
        advert.hours.text(),
        advert.pay.text(),
        format!("Apply by {}", moment(advert.closes_at)),
    ];
    Entry {
        id: format!("urn:uuid:{}", found.id),
        title: advert.title.clone(),
        href: format!("{base_url}/vacancies/{}", found.id),
        published: found.opens_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        updated: found.changed_at.max(found.opens_at).to_rfc3339_opts(SecondsFormat::Secs, true),
        summary: summary.join(". "),
    }
}

/// `GET /vacancies.atom`: what was found of a search, as a feed.
pub async fn atom(query: web::Query<SearchQuery>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (search, found) = found_of(app, &query).await?;
    let base_url = &app.base_url();
    let entries: Vec<Entry> = found.iter().map(|one| entry(one, base_url)).collect();
    let newest = entries.iter().map(|entry| entry.updated.clone()).max();
    let feed = Feed {
        product_name: app.settings.server.product_name.clone(),
        own_href: format!("{base_url}/vacancies.atom?{}", search.query()),
        page_href: format!("{base_url}/vacancies?{}", search.query()),
        updated: newest.unwrap_or_else(|| app.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true)),
        entries,
    };
    let text = feed.render().map_err(|error| AppError::internal("writing a feed", error))?;
    Ok(HttpResponse::Ok().content_type("application/atom+xml; charset=utf-8").body(text))
}

fn as_json(found: &Found, base_url: &str) -> Value {
    let advert = &found.advert.0;
    let (least, most) = advert.pay.pence_per_year();
    let (least_minutes, most_minutes) = advert.hours.minutes();
    json!({
        "id": found.id,
        "title": advert.title,
        "url": format!("{base_url}/vacancies/{}", found.id),
        "published_by": found.practice,
        "postcode": found.postcode,
        "places": found.places,
        "role": advert.role,
        "staff_group": advert.staff_group,
        "contract": advert.contract,
        "months": advert.months,
        "hours": advert.hours.text(),
        "minutes_a_week": { "least": least_minutes, "most": most_minutes },
        "pay": advert.pay.text(),
        "full_time_pence_a_year": { "least": least, "most": most },
        "opens_at": with_offset(found.opens_at),
        "closes_at": with_offset(advert.closes_at),
        "changed_at": with_offset(found.changed_at),
    })
}

/// `GET /vacancies.json`: the same as JSON.
pub async fn vacancies_json(
    query: web::Query<SearchQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (_, found) = found_of(app, &query).await?;
    let base_url = &app.base_url();
    Ok(HttpResponse::Ok().json(json!({
        "total": found.first().map_or(0, |one| one.total),
        "vacancies": found.iter().map(|one| as_json(one, base_url)).collect::<Vec<_>>(),
    })))
}

/// `GET /sitemap.xml`: every page that search engines may show.
pub async fn sitemap(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let base_url = &app.base_url();
    let open = list_open(&mut app.db.look(Actor::Visitor).await?, MOST_IN_A_SITEMAP - 1).await?;
    let page = |(id, changed_at): &(VacancyId, DateTime<Utc>)| {
        (format!("{base_url}/vacancies/{id}"), changed_at.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    let map = Sitemap { first: format!("{base_url}/vacancies"), pages: open.iter().map(page).collect() };
    let text = map.render().map_err(|error| AppError::internal("writing a sitemap", error))?;
    Ok(HttpResponse::Ok().content_type("application/xml; charset=utf-8").body(text))
}

/// `GET /robots.txt`: vacancies are for everybody; what is asked for with a link or a sign-in is nobody else's.
pub async fn robots(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let base_url = app_of(&request)?.base_url();
    let text = format!(
        "User-agent: *\nAllow: /$\nAllow: /vacancies\nAllow: /join\nAllow: /assets/\nDisallow: /\n\nSitemap: {base_url}/sitemap.xml\n"
    );
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

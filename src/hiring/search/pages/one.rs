//! `GET /vacancies/{id}`: one vacancy, open or closed, with what is like it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::where_it_is;
use crate::ground::actor::Actor;
use crate::ground::db::{DbError, Tx};
use crate::ground::id::VacancyId;
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::{PRACTICE_DATA_ATTRIBUTION, PageFrame};
use crate::ground::web::guard::{MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::page;
use crate::ground::words;
use crate::hiring::search::posting::{for_script, job_posting};
use crate::hiring::search::store::{Advertised, Found, Workplace, find_advertised, search_vacancies};
use crate::hiring::search::{HoursSought, Order, Search};
use crate::hiring::vacancy::shown::{Names, Shown};
use crate::hiring::vacancy::store::own::PlaceOfWork;
use crate::terms::bank::places::Place;

/// Days for which a closed vacancy still has a page that says so. Afterwards programs are told that it is gone.
const DAYS_SHOWN_CLOSED: i64 = 180;
/// Miles within which a vacancy is like another.
const MILES_OF_LIKE: i32 = 40;
/// How many that are like it are shown.
const MOST_LIKE: i64 = 5;

#[derive(Template)]
#[template(path = "hiring/search/pages/one.html")]
struct OnePage {
    page: PageFrame,
    shown: Shown,
    href: String,
    apply_href: String,
    /// "Closed on …", or "" while it is open.
    closed: String,
    posted: String,
    changes: Vec<String>,
    /// What programs read; none once it is closed.
    posting: Option<String>,
    /// Search engines are asked to leave it out: it is invented, or closed.
    is_hidden: bool,
    like: Vec<Link>,
    more_href: String,
}

/// The search that finds what is like a vacancy: of its role, near its first place.
fn like(vacancy: &Advertised) -> Search {
    let place = vacancy.places.first().map(|place| Place {
        latitude_microdegrees: place.latitude_microdegrees,
        longitude_microdegrees: place.longitude_microdegrees,
    });
    Search {
        words: String::new(),
        place: vacancy.places.first().map(|place| place.postcode.clone()).unwrap_or_default(),
        found_place: place,
        miles: MILES_OF_LIKE,
        role: vacancy.advert.role.clone().unwrap_or_else(|| "other".to_owned()),
        contract: String::new(),
        least_pounds: None,
        hours: HoursSought::Any,
        order: Order::Nearest,
    }
}

async fn find_like(tx: &mut Tx, id: VacancyId, search: &Search) -> Result<Vec<Link>, DbError> {
    let found = search_vacancies(tx, search, (MOST_LIKE + 1, 0)).await?;
    let others = found.iter().filter(|one| one.id != id);
    let link = |one: &Found| {
        Link::new(format!("{}, {}", one.advert.title, where_it_is(one)), format!("/vacancies/{}", one.id))
    };
    Ok(others.map(link).take(usize::try_from(MOST_LIKE).unwrap_or(usize::MAX)).collect())
}

fn shown(vacancy: &Advertised) -> Shown {
    let place = |place: &Workplace| PlaceOfWork {
        name: place.name.clone(),
        address: place.address.clone(),
        postcode: place.postcode.clone(),
    };
    let places: Vec<PlaceOfWork> = vacancy.places.iter().map(place).collect();
    let names = Names { role: vacancy.role_name.clone(), staff_group: vacancy.staff_group.clone() };
    Shown::of(&vacancy.advert, &names, &places)
}

impl OnePage {
    fn new(
        page: PageFrame,
        (id, vacancy): (VacancyId, &Advertised),
        like: Vec<Link>,
        more: &Search,
        (base_url, now): (&str, DateTime<Utc>),
    ) -> Result<Self, AppError> {
        let times = vacancy.times();
        let is_closed = times.end() <= now;
        let href = format!("{base_url}/vacancies/{id}");
        let change = |(at, what): &(DateTime<Utc>, Vec<String>)| {
            format!("{}: {}", words::capitalised(&words::when(*at, now)), words::list(what))
        };
        let posting = if is_closed { None } else { Some(job_posting(id, vacancy, &href)) };
        let posting = posting.transpose().map_err(|error| AppError::internal("writing a posting", error))?;
        Ok(Self {
            page,
            shown: shown(vacancy),
            closed: if is_closed { words::when(times.end(), now) } else { String::new() },
            posted: words::date_without_weekday(words::london_date(times.opens_at)),
            changes: vacancy.changes.iter().map(change).collect(),
            posting: posting.as_ref().map(for_script),
            is_hidden: vacancy.invented || is_closed,
            apply_href: format!("/vacancies/{id}/apply"),
            href,
            like,
            more_href: format!("/vacancies?{}", more.query()),
        })
    }
}

/// The page.
pub async fn one(
    _: MaybeSignedIn,
    id: web::Path<VacancyId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (id, now) = (*id, app.clock.now());
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let vacancy = find_advertised(tx, id).await?.ok_or(AppError::NotFound)?;
    let more = like(&vacancy);
    let alike = find_like(tx, id, &more).await?;
    let frame = visitor_frame(&request).with_attribution(PRACTICE_DATA_ATTRIBUTION);
    let frame = match frame.signed_in {
        Some(_) => frame,
        None => frame.of_bank(&vacancy.bank_name, vacancy.invented),
    };
    let base_url = &app.base_url();
    let mut answer = page(&OnePage::new(frame, (id, &vacancy), alike, &more, (base_url, now))?)?;
    if vacancy.times().end() + TimeDelta::days(DAYS_SHOWN_CLOSED) <= now {
        *answer.status_mut() = StatusCode::GONE;
    }
    Ok(answer)
}

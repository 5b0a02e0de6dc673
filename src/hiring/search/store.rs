//! SQL of what job seekers find. What crosses banks is the database's functions.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::Search;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, VacancyId};
use crate::hiring::vacancy::Times;
use crate::hiring::vacancy::advert::Advert;
use crate::terms::bank::places::Place;

/// A vacancy that was found.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Found {
    /// The vacancy.
    pub id: VacancyId,
    /// What it says.
    pub advert: Json<Advert>,
    /// The practice that posted it.
    pub practice: String,
    /// Its postcode.
    pub postcode: String,
    /// At how many practices its work is.
    pub places: i64,
    /// Since when it is open.
    pub opens_at: DateTime<Utc>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// Metres from the place that was asked for, as the crow flies.
    pub metres: Option<i32>,
    /// How many were found in all.
    pub total: i64,
}

/// What was found of a search, from `offset` on.
pub async fn search_vacancies(
    tx: &mut Tx,
    search: &Search,
    (limit, offset): (i64, i64),
) -> Result<Vec<Found>, DbError> {
    let now = tx.now();
    let (least_minutes, most_minutes) = search.hours.minutes();
    sqlx::query_as(
        "select id, advert, practice, postcode, places, opens_at, changed_at, metres, total
           from search_vacancies($1, nullif($2, ''), $3, $4, $5, nullif($6, ''), nullif($7, ''), $8, $9, $10, $11,
                                 $12::bigint::integer, $13::bigint::integer)",
    )
    .bind(now)
    .bind(&search.words)
    .bind(search.found_place.map(|place| place.latitude_microdegrees))
    .bind(search.found_place.map(|place| place.longitude_microdegrees))
    .bind(search.within_metres())
    .bind(&search.role)
    .bind(&search.contract)
    .bind(search.least_pounds.map(|pounds| pounds * 100))
    .bind(least_minutes)
    .bind(most_minutes)
    .bind(search.order.code())
    .bind(limit)
    .bind(offset.min(i64::from(i32::MAX)))
    .fetch_all(tx.connection())
    .await
    .map_err(failed("searching vacancies"))
}

/// How many vacancies a filter would leave.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Counted {
    /// Whether it is a role; else a contract.
    pub is_role: bool,
    /// Its code.
    pub code: String,
    /// The role's name; "" of a contract.
    pub name: String,
    /// How many.
    pub number: i64,
}

/// How many vacancies there are in each role and contract, of those that fit a search otherwise, the most first.
pub async fn count_by_filter(tx: &mut Tx, search: &Search) -> Result<Vec<Counted>, DbError> {
    let now = tx.now();
    let (least_minutes, most_minutes) = search.hours.minutes();
    sqlx::query_as(
        "select is_role, code, name, number
           from count_vacancies($1, nullif($2, ''), $3, $4, $5, nullif($6, ''), nullif($7, ''), $8, $9, $10)
          order by is_role, number desc, code",
    )
    .bind(now)
    .bind(&search.words)
    .bind(search.found_place.map(|place| place.latitude_microdegrees))
    .bind(search.found_place.map(|place| place.longitude_microdegrees))
    .bind(search.within_metres())
    .bind(&search.role)
    .bind(&search.contract)
    .bind(search.least_pounds.map(|pounds| pounds * 100))
    .bind(least_minutes)
    .bind(most_minutes)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting vacancies by filter"))
}

/// Where the work of a vacancy is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workplace {
    /// The practice's name.
    pub name: String,
    /// Its address in one line, without the postcode; may be empty.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// Millionths of a degree, north positive.
    pub latitude_microdegrees: i32,
    /// Millionths of a degree, east positive.
    pub longitude_microdegrees: i32,
}

/// A vacancy as everybody may read it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Advertised {
    /// Its bank.
    pub bank_id: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The bank is a demonstration.
    pub invented: bool,
    /// What it says.
    pub advert: Json<Advert>,
    opens_at: DateTime<Utc>,
    closes_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// Its role's name in its bank.
    pub role_name: Option<String>,
    /// The name of its staff group.
    pub staff_group: String,
    /// Where the work is.
    pub places: Json<Vec<Workplace>>,
    /// What was changed in it and when, the newest first.
    pub changes: Json<Vec<(DateTime<Utc>, Vec<String>)>>,
}

impl Advertised {
    /// The name of the practice that posted it.
    #[must_use]
    pub fn practice(&self) -> &str {
        self.places.first().map_or("", |place| place.name.as_str())
    }

    /// When it is open.
    #[must_use]
    pub fn times(&self) -> Times {
        Times { opens_at: self.opens_at, closes_at: self.closes_at, closed_at: self.closed_at }
    }
}

/// The vacancy of that id, of whatever bank; none before it opens.
pub async fn find_advertised(tx: &mut Tx, id: VacancyId) -> Result<Option<Advertised>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select bank_id, bank_name, invented, advert, opens_at, closes_at, closed_at, changed_at, role_name, staff_group,
                places, changes
           from advertised_vacancy($1, $2)",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding an advertised vacancy"))
}

/// Every open vacancy with when it was changed, the newest first.
pub async fn list_open(tx: &mut Tx, most: i32) -> Result<Vec<(VacancyId, DateTime<Utc>)>, DbError> {
    let now = tx.now();
    sqlx::query_as("select id, changed_at from open_vacancies($1, $2)")
        .bind(now)
        .bind(most)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing open vacancies"))
}

/// Where a town of that name is.
pub async fn find_town(tx: &mut Tx, name: &str) -> Result<Option<Place>, DbError> {
    let found: Option<(i32, i32)> =
        sqlx::query_as("select latitude_microdegrees, longitude_microdegrees from place_of_town($1)")
            .bind(name)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("finding a town"))?;
    Ok(found.map(|(latitude_microdegrees, longitude_microdegrees)| Place {
        latitude_microdegrees,
        longitude_microdegrees,
    }))
}

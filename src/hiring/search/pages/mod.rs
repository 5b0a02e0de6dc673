//! `/vacancies`: what everybody may read, signed in or not, and what programs read of it.

pub mod feeds;
pub mod list;
pub mod one;

use super::Search;
use super::forms::SearchQuery;
use super::store::{Found, find_town};
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::postcode_district;
use crate::ground::words;
use crate::terms::bank::places::find_place;

/// The search that an address asks for, its place looked up: a postcode or the first half of one, or a town.
async fn search_of(tx: &mut Tx, query: &SearchQuery) -> Result<Search, DbError> {
    let mut search = query.read();
    if !search.place.is_empty() {
        search.found_place = match postcode_district(&search.place) {
            Ok(district) => find_place(&district),
            Err(_) => find_town(tx, &search.place).await?,
        };
    }
    Ok(search)
}

/// "Orchid House Surgery, DT1 1AA, and 2 other places".
fn where_it_is(found: &Found) -> String {
    let first = format!("{}, {}", found.practice, found.postcode);
    match found.places - 1 {
        others if others > 0 => {
            format!("{first}, and {}", words::count(others, "other place", "other places"))
        }
        _ => first,
    }
}

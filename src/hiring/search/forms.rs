//! What an address says that somebody looks for. It is read kindly: what says nothing is not asked for.

use serde::Deserialize;

use super::{HoursSought, Order, Search};
use crate::ground::form_fields::{Typed, whole_number};
use crate::hiring::vacancy::Contract;

/// The most letters of words and of a place that are looked for.
const MOST_LETTERS: usize = 100;
/// Miles from a place, where none are said.
const USUAL_MILES: i32 = 20;

/// Choices of miles from a place.
pub const MILES: [i32; 6] = [5, 10, 20, 40, 60, 100];
/// Choices of the least that full time pays in a year, in pounds.
pub const PAY: [i64; 7] = [25_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000];

/// What follows `/vacancies?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchQuery {
    words: Typed,
    place: Typed,
    miles: Typed,
    role: Typed,
    contract: Typed,
    pay: Typed,
    hours: Typed,
    order: Typed,
}

fn first_letters(typed: &Typed) -> String {
    typed.trim().chars().take(MOST_LETTERS).collect()
}

impl SearchQuery {
    /// The search, its place not looked up yet.
    #[must_use]
    pub fn read(&self) -> Search {
        let (words, place) = (first_letters(&self.words), first_letters(&self.place));
        let usual = match (place.is_empty(), words.is_empty()) {
            (false, _) => Order::Nearest,
            (true, false) => Order::Fitting,
            (true, true) => Order::Newest,
        };
        let miles = whole_number(&self.miles, 1, 100).ok().and_then(|miles| i32::try_from(miles).ok());
        let hours = HoursSought::ALL.iter().find(|(_, code, _)| *code == self.hours.as_str());
        let order = Order::ALL.iter().find(|(one, _)| one.code() == self.order.as_str());
        Search {
            words,
            place,
            found_place: None,
            miles: miles.unwrap_or(USUAL_MILES),
            role: first_letters(&self.role),
            contract: Contract::of_code(&self.contract).map_or("", Contract::code).to_owned(),
            least_pounds: whole_number(&self.pay, 1, 1_000_000).ok(),
            hours: hours.map_or(HoursSought::Any, |(one, ..)| *one),
            order: order.map_or(usual, |(one, _)| *one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SearchQuery;
    use crate::hiring::search::{HoursSought, Order, Search};

    fn read(query: &str) -> Search {
        serde_html_form::from_str::<SearchQuery>(query).unwrap().read()
    }

    #[test]
    fn an_address_says_what_is_looked_for_and_says_it_again() {
        let search =
            read("words=diabetes+nurse&place=DT1&miles=40&role=gp&contract=permanent&pay=40000&hours=part");
        assert_eq!(
            (search.miles, search.least_pounds, search.hours),
            (40, Some(40_000), HoursSought::PartTime)
        );
        assert_eq!(search.order, Order::Nearest);
        assert_eq!(read(&search.query()), search);
        assert_eq!(read("").query(), "order=newest");
        assert_eq!(read("words=nurse").order, Order::Fitting);
    }

    #[test]
    fn what_says_nothing_is_not_asked_for() {
        let search = read("miles=far&contract=slavery&pay=lots&hours=none&order=up&words=%25&role=");
        assert_eq!((search.miles, search.contract.as_str(), search.least_pounds), (20, "", None));
        assert_eq!((search.hours, search.words.as_str()), (HoursSought::Any, "%"));
        let long = "x".repeat(10_000);
        assert_eq!(read(&format!("words={long}&place={long}")).words.len(), 100);
    }
}

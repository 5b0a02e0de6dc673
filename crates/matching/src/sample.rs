//! Small problems and their markets, for the tests of single parts of the engine.

use matching_model::problem::Problem;

use crate::example::{Request, Shape, example, read_districts};
use crate::market::{Market, PartMarket};
use crate::pairs::eligible::eligible_pairs;
use crate::pairs::facts::Facts;

/// One week of Dorset and around, as `locumbank bench-data` makes it.
pub(crate) fn week(sessions: usize, clinicians: usize, seed: u64) -> Problem {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions,
        clinicians,
        weeks: 1,
        start: "2027-01-04".parse().unwrap(),
        seed,
        shape: Shape::Usual,
        bank_holidays: std::collections::BTreeSet::new(),
        booked_per_mille: 0,
        incumbent_per_mille: 0,
    };
    let districts = read_districts(include_str!("../../../config/outcodes.csv")).unwrap();
    example(&request, &districts).unwrap()
}

/// The free part of a problem, as a single part.
pub(crate) fn market_of(problem: &Problem) -> PartMarket {
    let facts = Facts::of(problem);
    one_part(&Market::of(&facts, &eligible_pairs(&facts), |pair| pair.worth(&facts).score))
}

/// A whole market as a single part.
pub(crate) fn one_part(market: &Market) -> PartMarket {
    market.part(&market.undivided())
}

//! Prices come down as far as they should, and in the time they have.

#![expect(clippy::float_cmp, reason = "shares of time and passes are exact here")]

use std::time::Duration;

use matching_model::problem::Problem;

use super::{Pace, Steps, descend};
use crate::bound::prices::{Dual, pass};
use crate::run::budget::{Budget, NoProgress};
use crate::run::engine::plan_problem;
use crate::sample::{market_of, week};
use crate::stop::{NeverStop, Stop};

fn problem() -> Problem {
    week(150, 40, 3)
}

/// So much time is left, whenever it is asked.
struct Left(Duration);

impl Stop for Left {
    fn is_due(&self) -> bool {
        false
    }

    fn remaining(&self) -> Option<Duration> {
        Some(self.0)
    }
}

#[test]
fn a_descent_is_done_when_its_passes_or_its_share_of_the_time_are() {
    let pace = Pace { passes: 200, hundredths_of_time: 50 };
    let seconds = Duration::from_secs;
    assert_eq!(pace.done(50, None, &NeverStop), 0.25);
    // Of ten seconds five may be used; after four of them four fifths are done.
    assert_eq!(pace.done(50, Some(seconds(10)), &Left(seconds(6))), 0.8);
    assert_eq!(pace.done(190, Some(seconds(10)), &Left(seconds(6))), 0.95);
}

#[test]
fn a_step_falls_from_the_first_to_the_last_by_equal_shares() {
    let near = |step: f64, wanted: f64| (step / wanted - 1.0).abs() < 1e-9;
    let steps = Steps { first: 0.1, last: 0.001 };
    assert!(near(steps.at(0.0), 0.1) && near(steps.at(0.5), 0.01) && near(steps.at(1.0), 0.001));
}

#[test]
fn at_the_top_nobody_gains_anything() {
    let market = market_of(&problem());
    let top = Dual::at_the_top(&market);
    assert!(top.bound > 0);
    let found = pass(&market, &top.prices);
    assert_eq!(found.bound, top.bound);
    assert!(found.demand.iter().all(|demand| *demand == 0));
    assert_eq!(Dual::at(&market, top.prices.clone()), top);
}

#[test]
fn the_lower_bound_of_two_is_kept() {
    let market = market_of(&problem());
    let low = descend(
        &market,
        Dual::at_the_top(&market),
        i64::MIN,
        (Steps::FROM_THE_TOP, Pace { passes: 50, hundredths_of_time: 100 }),
        &NeverStop,
    );
    let mut dual = Dual::at_the_top(&market);
    dual.better(&market, &low.prices);
    assert_eq!(dual, low);
    dual.better(&market, &Dual::at_the_top(&market).prices);
    assert_eq!(dual, low);
    // Other prices of the same bound change nothing.
    let unwanted =
        market.highest_scores().numbered().find(|(_, highest)| **highest == 0).map(|(session, _)| session);
    if let Some(unwanted) = unwanted {
        let mut prices = low.prices.clone();
        prices[unwanted] += 1;
        dual.better(&market, &prices);
        assert_eq!(dual, low);
    }
}

#[test]
fn a_descent_ends_near_the_best_prices() {
    let problem = problem();
    let market = market_of(&problem);
    let best = plan_problem(&problem, &Budget::default(), &NeverStop, &NoProgress).unwrap();
    assert_eq!(best.score, best.upper_bound);
    let after = |passes: u32| {
        let pace = Pace { passes, hundredths_of_time: 100 };
        descend(&market, Dual::at_the_top(&market), i64::MIN, (Steps::FROM_THE_TOP, pace), &NeverStop)
    };
    let (few, many) = (after(60), after(300));
    assert!(many.bound >= best.score);
    let above = |dual: &Dual| (dual.bound - best.score) * 1_000_000 / best.score;
    assert!(above(&many) <= 10, "{} millionths above", above(&many));
    assert!(many.bound < few.bound && few.bound < Dual::at_the_top(&market).bound);
    // What is said to be proven is proven.
    assert_eq!(pass(&market, &many.prices).bound, many.bound);
    assert_eq!(after(0), Dual::at_the_top(&market));
    // Once the target is proven, prices stay.
    let pace = Pace { passes: 300, hundredths_of_time: 100 };
    let early =
        descend(&market, Dual::at_the_top(&market), few.bound, (Steps::FROM_THE_TOP, pace), &NeverStop);
    assert!(early.bound <= few.bound && early.bound > many.bound);
    let due = descend(
        &market,
        Dual::at_the_top(&market),
        i64::MIN,
        (Steps::FROM_THE_TOP, Pace { passes: 300, hundredths_of_time: 100 }),
        &Left(Duration::ZERO),
    );
    assert_eq!(due, Dual::at_the_top(&market), "no time is left");
}

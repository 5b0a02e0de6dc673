//! Markets too large to be searched: brought down in turns and planned by auctions, soundly, however they end.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use matching::example::{Request, Shape, example, read_districts};
use matching::fits::{Told, fits};
use matching::{Budget, NeverStop, NoProgress, Stop, plan_problem};
use matching_check::{check, prove};
use matching_model::plan::{BoundProof, Plan};
use matching_model::problem::Problem;

use crate::small_world::date;

/// A week in which nearly everybody can do nearly everything: more than 60,000 choices hang together.
fn crowded_week() -> Problem {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions: 1_200,
        clinicians: 400,
        weeks: 1,
        start: date("2027-01-04"),
        seed: 4,
        shape: Shape::OverSupply,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 20,
        incumbent_per_mille: 20,
    };
    let districts = read_districts(include_str!("../../../../config/outcodes.csv")).expect("the districts");
    example(&request, &districts).expect("an example")
}

/// How many choices hang together in the largest part: people who could do a session in common, and so on.
fn choices_of_largest_part(problem: &Problem) -> usize {
    let fits = fits(problem, &Told::new(), usize::MAX).expect("a sound problem");
    let mut left: Vec<BTreeSet<&str>> =
        fits.values().map(|of_one| of_one.new.iter().map(|fit| fit.session.as_str()).collect()).collect();
    let mut largest = 0;
    while let Some(first) = left.pop() {
        let (mut choices, mut sessions) = (first.len(), first);
        while let Some(at) = left.iter().position(|of_one| !of_one.is_disjoint(&sessions)) {
            let of_one = left.swap_remove(at);
            choices += of_one.len();
            sessions.extend(of_one);
        }
        largest = largest.max(choices);
    }
    largest
}

#[test]
fn the_crowded_week_is_too_large_to_be_searched() {
    let choices = choices_of_largest_part(&crowded_week());
    assert!(choices > 60_000, "only {choices} choices hang together");
}

fn assert_sound(problem: &Problem, plan: &Plan) {
    let report = check(problem, plan);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let mut faults = Vec::new();
    let proven = prove(problem, plan, &mut faults).expect("prices that can be used");
    assert!(faults.is_empty(), "{faults:?}");
    if plan.bound_proof == BoundProof::Prices {
        assert_eq!(proven.score, i128::from(plan.upper_bound));
    }
}

#[test]
fn a_large_market_is_planned_alike_by_any_number_of_threads() {
    let problem = crowded_week();
    let [one, three] = [1, 3].map(|threads| {
        let budget = Budget { iterations: Some(60), threads: Some(threads), ..Budget::default() };
        plan_problem(&problem, &budget, &NeverStop, &NoProgress).expect("plans")
    });
    assert_eq!(serde_json::to_string(&one).expect("writes"), serde_json::to_string(&three).expect("writes"));
    assert_sound(&problem, &one);
    // A gap of one per cent is a million millionths.
    assert!(one.gap.0 < 1_000_000, "the gap is {} per cent", one.gap);
}

/// Says stop once it has been asked so often.
struct After(AtomicU32);

impl Stop for After {
    fn is_due(&self) -> bool {
        let asked = self.0.load(Ordering::Relaxed);
        self.0.store(asked.saturating_sub(1), Ordering::Relaxed);
        asked == 0
    }
}

#[test]
fn a_large_market_can_end_at_any_moment() {
    let problem = crowded_week();
    for asked in [0, 3, 30, 300] {
        let budget = Budget { iterations: Some(40), ..Budget::default() };
        let plan =
            plan_problem(&problem, &budget, &After(AtomicU32::new(asked)), &NoProgress).expect("plans");
        assert_sound(&problem, &plan);
    }
}

//! Plans for the tests: the best one, and an empty one to be filled by hand.

use matching::{Budget, NeverStop, NoProgress, plan_problem};
use matching_model::plan::{BoundProof, Millionths, PLAN_FORMAT, Plan};
use matching_model::problem::Problem;

/// The plan of a run without limits.
pub fn best_plan(problem: &Problem) -> Plan {
    plan_problem(problem, &Budget::default(), &NeverStop, &NoProgress).expect("a problem that can be planned")
}

/// A plan that places nobody, to be filled by a test.
pub fn empty_plan() -> Plan {
    Plan {
        format: PLAN_FORMAT.into(),
        score: 0,
        upper_bound: 0,
        gap: Millionths(0),
        bound_proof: BoundProof::Prices,
        filled: 0,
        places: 0,
        fill_upper_bound: None,
        assignments: vec![],
        unfilled: vec![],
        prices: vec![],
        fill_prices: vec![],
        seconds: Millionths(0),
        engine: String::new(),
        seed: 0,
    }
}

//! Frozen problems whose best score is known, found by another solver as well (see docs/BENCHMARKS.md): whatever changes
//! in the engine, these are planned to the optimum, and proven.

use matching_check::{check, prove};
use matching_model::format::problem_from_slice;

use crate::planned::best_plan;

/// A problem file, the best score, the places that the best plan fills, and how much higher any prices' bound is at least.
struct Instance {
    name: &'static str,
    bytes: &'static [u8],
    best: i64,
    filled: u64,
    beyond_prices: i64,
}

macro_rules! instances {
    ($($name:literal: $best:literal, $filled:literal, $beyond:literal;)*) => {
        [$(Instance {
            name: $name,
            bytes: include_bytes!(concat!("../../../../tests/instances/", $name, ".json")),
            best: $best,
            filled: $filled,
            beyond_prices: $beyond,
        }),*]
    };
}

#[test]
fn frozen_problems_are_planned_to_their_known_optimum() {
    let instances = instances! {
        "usual": 56_646_174, 43, 440_000;
        "tight-weeks": 42_145_828, 33, 440_000;
        "scarcity": 10_795_116, 9, 0;
        "over-supply": 36_859_778, 37, 400;
        "many-places": 22_526_442, 15, 0;
        "one-role": 37_963_426, 29, 440_000;
        "clock-change": 49_704_067, 40, 0;
    };
    let mut branched = 0;
    for Instance { name, bytes, best, filled, beyond_prices } in instances {
        let problem = problem_from_slice(bytes).expect("a problem file");
        let plan = best_plan(&problem);
        assert_eq!((plan.score, plan.upper_bound, plan.filled), (best, best, filled), "{name}");
        assert_eq!(check(&problem, &plan).faults, [], "{name}");
        let mut faults = Vec::new();
        let proven = prove(&problem, &plan, &mut faults).expect("prices that can be used");
        assert_eq!(faults, [], "{name}");
        assert!(
            proven.score >= i128::from(best + beyond_prices),
            "{name}: the prices prove {}",
            proven.score
        );
        branched += u32::from(proven.score > i128::from(best));
    }
    assert!(branched >= 3, "only {branched} need more than prices");
}

//! Every shape of problem in other places and with other seeds: legal, sound, and planned to the proven optimum.

use std::collections::BTreeSet;

use matching::example::{Request, Shape, example};
use matching::remedies::add_remedies;
use matching_check::{check, prove};
use matching_model::plan::BoundProof;
use matching_model::problem::Problem;

use crate::planned::best_plan;
use crate::small_world::date;
use crate::whole_runs::{SHAPES, districts};

fn elsewhere(shape: Shape, areas: &[&str], seed: u64, (sessions, clinicians): (usize, usize)) -> Problem {
    let request = Request {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        sessions,
        clinicians,
        weeks: 1,
        start: date("2027-06-07"),
        seed,
        shape,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 80,
        incumbent_per_mille: 40,
    };
    example(&request, &districts()).expect("an example")
}

#[test]
fn every_shape_is_planned_to_its_optimum_wherever_it_is() {
    let (mut by_prices, mut remedies) = (0, 0);
    for shape in SHAPES {
        for areas in [&["ME", "CT"][..], &["LS"], &["TR", "PL"]] {
            for seed in 100..104 {
                let told = format!("{shape:?} in {areas:?}, seed {seed}");
                let problem = elsewhere(shape, areas, seed, (60, 24));
                let mut plan = best_plan(&problem);
                assert_eq!(plan.score, plan.upper_bound, "{told}");
                add_remedies(&problem, &mut plan);
                let mut faults = check(&problem, &plan).faults;
                let proven = prove(&problem, &plan, &mut faults).expect("prices that can be used");
                assert_eq!(faults, [], "{told}");
                assert!(
                    proven.score >= i128::from(plan.score),
                    "{told}: the prices prove less than the optimum"
                );
                if plan.bound_proof == BoundProof::Prices {
                    assert_eq!(proven.score, i128::from(plan.upper_bound), "{told}");
                    by_prices += 1;
                }
                remedies += plan.unfilled.iter().map(|unfilled| unfilled.remedies.len()).sum::<usize>();
            }
        }
    }
    assert!(by_prices >= 120, "only {by_prices} by prices");
    assert!(remedies >= 200, "only {remedies} remedies checked");
}

#[test]
fn what_prices_leave_open_is_closed_by_branching() {
    let mut by_branching = 0;
    for shape in SHAPES.into_iter().filter(|shape| *shape != Shape::Identical) {
        for seed in 100..103 {
            let told = format!("{shape:?}, seed {seed}");
            let problem = elsewhere(shape, &["ME", "CT"], seed, (140, 45));
            let plan = best_plan(&problem);
            assert_eq!(plan.score, plan.upper_bound, "{told}");
            let mut faults = check(&problem, &plan).faults;
            let proven = prove(&problem, &plan, &mut faults).expect("prices that can be used");
            assert_eq!(faults, [], "{told}");
            if plan.bound_proof == BoundProof::BranchAndBound {
                assert!(proven.score > i128::from(plan.score), "{told}: prices prove as much alone");
                by_branching += 1;
            }
        }
    }
    assert!(by_branching >= 2, "only {by_branching} by branching");
}

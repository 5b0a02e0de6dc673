//! Plans that the engine made while it counted rest by calendar dates, and while work that ended at midnight was held to
//! touch the next day. They are kept as files: the checker finds what is wrong with each, and the engine plans otherwise.

use matching_check::{Fault, check};
use matching_model::Problem;
use matching_model::format::{problem_from_slice, read_plan};
use matching_model::plan::Plan;

use crate::planned::best_plan;

fn read(problem: &[u8], plan: &[u8]) -> (Problem, Plan) {
    (problem_from_slice(problem).expect("a problem file"), read_plan(plan).expect("a plan file"))
}

fn sentences(problem: &Problem, plan: &Plan) -> Vec<String> {
    check(problem, plan).faults.iter().map(Fault::to_string).collect()
}

#[test]
fn rest_by_calendar_dates_is_found() {
    let (problem, plan) = read(
        include_bytes!("../../../../tests/plans/rest-by-date.problem.json"),
        include_bytes!("../../../../tests/plans/rest-by-date.plan.json"),
    );
    assert_eq!(
        sentences(&problem, &plan),
        [
            "ann may not do long: rest",
            "ann cannot do both night and day",
            "ann cannot do both morning and evening"
        ]
    );
    let now = best_plan(&problem);
    assert_eq!((check(&problem, &now).faults, now.filled), (vec![], 2));
}

#[test]
fn a_midnight_that_touched_the_next_day_is_found() {
    let (problem, plan) = read(
        include_bytes!("../../../../tests/plans/midnight-next-day.problem.json"),
        include_bytes!("../../../../tests/plans/midnight-next-day.plan.json"),
    );
    let found = sentences(&problem, &plan);
    assert!(found[0].starts_with("until-midnight: the reason is given as NoEligibleClinician"), "{found:?}");
    let now = best_plan(&problem);
    assert_eq!((check(&problem, &now).faults, now.filled), (vec![], 1));
}

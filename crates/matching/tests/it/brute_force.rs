//! Every plan of a tiny problem is tried, and the engine finds one as good as the best of them.

use std::collections::BTreeMap;

use matching_check::{Fault, check, prove};
use matching_model::plan::{Assignment, Plan, RuleCode};
use matching_model::problem::Problem;

use crate::planned::{best_plan, empty_plan};
use crate::tiny_problems::tiny;

const PROBLEMS: u64 = 2_000;

/// Places one pair more in a plan, with no numbers: only the rules are asked.
fn with_pair(plan: &Plan, session: &str, clinician: &str) -> Plan {
    let mut plan = plan.clone();
    plan.assignments.push(Assignment {
        session: session.into(),
        clinician: clinician.into(),
        rate_pence_per_hour: 0,
        pay_pence: 0,
        road_metres: 0,
        score: 0,
    });
    plan
}

/// Whether a plan keeps the rules, whatever it says of itself.
fn keeps_rules(problem: &Problem, plan: &Plan) -> bool {
    let breaks = |fault: &Fault| {
        matches!(
            fault,
            Fault::MayNotDo { .. }
                | Fault::Twice { .. }
                | Fault::TooManyPeople { .. }
                | Fault::CannotDoBoth { .. }
                | Fault::TooManyMinutes { .. }
        )
    };
    !check(problem, plan).faults.iter().any(breaks)
}

/// Shows every plan that keeps the rules, with no numbers in it. Taking a pair away never breaks a rule, so sets of
/// pairs are only ever made larger.
pub fn each_plan(problem: &Problem, look: &mut dyn FnMut(&Plan)) {
    let mut booked = empty_plan();
    for pair in &problem.booked {
        booked = with_pair(&booked, &pair.session, &pair.clinician);
    }
    let mut pairs = Vec::new();
    for session in &problem.sessions {
        for clinician in &problem.clinicians {
            let is_booked = problem
                .booked
                .iter()
                .any(|pair| pair.session == session.id && pair.clinician == clinician.id);
            if !is_booked && keeps_rules(problem, &with_pair(&booked, &session.id, &clinician.id)) {
                pairs.push((session.id.clone(), clinician.id.clone()));
            }
        }
    }
    extend(problem, &pairs, &booked, look);
}

fn extend(problem: &Problem, pairs: &[(String, String)], plan: &Plan, look: &mut dyn FnMut(&Plan)) {
    look(plan);
    for (next, (session, clinician)) in pairs.iter().enumerate() {
        let larger = with_pair(plan, session, clinician);
        if keeps_rules(problem, &larger) {
            extend(problem, &pairs[next + 1..], &larger, look);
        }
    }
}

/// The best score and the most places of any plan.
fn best_of_all(problem: &Problem) -> (i128, usize) {
    let (mut best_score, mut most_filled) = (i128::MIN, 0);
    each_plan(problem, &mut |plan| {
        let report = check(problem, plan);
        best_score = best_score.max(report.score);
        most_filled = most_filled.max(report.filled);
    });
    (best_score, most_filled)
}

#[test]
fn the_engine_finds_the_best_of_all_plans_and_says_the_truth_about_it() {
    let mut bound_rules: BTreeMap<RuleCode, u32> = BTreeMap::new();
    let (mut worthless, mut with_bookings) = (0, 0);
    for seed in 0..PROBLEMS {
        let problem = tiny(seed);
        problem.validate().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let plan = best_plan(&problem);
        let report = check(&problem, &plan);
        assert!(report.faults.is_empty(), "seed {seed}: {:?}", report.faults);
        let (best_score, most_filled) = best_of_all(&problem);
        assert_eq!(i128::from(plan.score), best_score, "seed {seed}: another plan scores more");
        assert_eq!(plan.upper_bound, plan.score, "seed {seed}: the optimum is not proven");
        let most = plan.fill_upper_bound.expect("a bound on places");
        assert!(
            most >= most_filled as u64,
            "seed {seed}: {most_filled} places can be filled, {most} are claimed"
        );
        let mut faults = Vec::new();
        let proven = prove(&problem, &plan, &mut faults).expect("prices that can be used");
        assert!(faults.is_empty(), "seed {seed}: {faults:?}");
        assert!(proven.score >= best_score, "seed {seed}: prices prove too much");
        for unfilled in &plan.unfilled {
            worthless += u32::from(unfilled.reason == matching_model::plan::UnfilledReason::NotWorthFilling);
            for (code, count) in &unfilled.blocked {
                *bound_rules.entry(*code).or_default() += count;
            }
        }
        with_bookings += u32::from(!problem.booked.is_empty());
    }
    // The problems exercise every rule; nobody of a wrong role is counted, as only accepted roles are.
    let expected = [
        RuleCode::Competency,
        RuleCode::Clearance,
        RuleCode::Availability,
        RuleCode::Rate,
        RuleCode::Distance,
        RuleCode::Refused,
        RuleCode::Overlap,
        RuleCode::Travel,
        RuleCode::Rest,
        RuleCode::WeeklyHours,
        RuleCode::DailyHours,
    ];
    for code in expected {
        assert!(
            bound_rules.get(&code).is_some_and(|count| *count >= 3),
            "{code:?} hardly ever decides: {bound_rules:?}"
        );
    }
    assert!(worthless > 10, "only {worthless} sessions were not worth filling");
    assert!(with_bookings > 300, "only {with_bookings} problems had bookings");
}

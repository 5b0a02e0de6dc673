//! Whatever is planted in a good plan, the checker finds it, and says it by its right name.

use locumbank::matching::check::{Fault, check, prove};
use locumbank::matching::plan::{
    Assignment, BoundProof, Change, Millionths, Plan, Price, Remedy, RemedyValue, UnfilledReason,
};
use locumbank::matching::problem::Problem;

use crate::small_world::{best_plan, clinician, pairing, session, world};

/// Two people and three sessions, two of which are filled and one cannot be; somebody is booked.
fn problem() -> Problem {
    let mut problem = world();
    problem.clinicians.push(clinician("bob"));
    problem.sessions.push(session("tuesday", "far", 1));
    let mut nobody = session("wednesday", "near", 2);
    nobody.competencies = vec!["coils".into()];
    problem.sessions.push(nobody);
    problem.booked.push(pairing("monday", "bob"));
    problem
}

/// The faults of the best plan after something was planted in it.
fn faults(change: impl FnOnce(&mut Plan)) -> Vec<Fault> {
    let problem = problem();
    let mut plan = best_plan(&problem);
    assert_eq!(check(&problem, &plan).faults, [], "the plan is right before anything is planted");
    change(&mut plan);
    let mut faults = check(&problem, &plan).faults;
    if faults.is_empty() {
        prove(&problem, &plan, &mut faults);
    }
    faults
}

fn booked(plan: &mut Plan) -> &mut Assignment {
    plan.assignments.iter_mut().find(|assignment| assignment.session == "monday").expect("the booking")
}

fn planned(plan: &mut Plan) -> &mut Assignment {
    plan.assignments.iter_mut().find(|assignment| assignment.session == "tuesday").expect("a placement")
}

macro_rules! finds {
    ($($name:ident: $change:expr => $fault:pat,)*) => {$(
        #[test]
        fn $name() {
            let found = faults($change);
            assert!(found.iter().any(|fault| matches!(fault, $fault)), "{found:?}");
        }
    )*};
}

finds! {
    a_session_that_is_not_in_the_problem: |plan| planned(plan).session = "sunday".into() => Fault::Unknown { .. },
    a_clinician_who_is_not_in_the_problem: |plan| planned(plan).clinician = "eve".into() => Fault::Unknown { .. },
    a_pair_that_stands_twice: |plan| {
        let again = planned(plan).clone();
        plan.assignments.push(again);
    } => Fault::Twice { .. },
    a_pair_that_breaks_a_rule: |plan| planned(plan).session = "wednesday".into()
        => Fault::MayNotDo { code: "competency", .. },
    a_rate_that_is_too_low: |plan| planned(plan).rate_pence_per_hour -= 1
        => Fault::WrongNumber { field: "rate_pence_per_hour", .. },
    a_pay_that_is_a_penny_off: |plan| planned(plan).pay_pence += 1 => Fault::WrongNumber { field: "pay_pence", .. },
    a_way_that_is_a_metre_off: |plan| planned(plan).road_metres += 1
        => Fault::WrongNumber { field: "road_metres", .. },
    a_score_that_is_a_point_off: |plan| planned(plan).score += 1 => Fault::WrongNumber { field: "score", .. },
    a_booking_whose_score_is_a_point_off: |plan| booked(plan).score += 1
        => Fault::WrongNumber { field: "score", .. },
    a_booking_that_is_dropped: |plan| plan.assignments.retain(|assignment| assignment.session != "monday")
        => Fault::BookingDropped { .. },
    more_people_than_places: |plan| {
        let more = Assignment { clinician: "ann".into(), ..booked(plan).clone() };
        plan.assignments.push(more);
    } => Fault::TooManyPeople { people: 2, places: 1, .. },
    a_total_that_is_a_point_off: |plan| plan.score += 1 => Fault::WrongTotal { field: "score", .. },
    a_bound_below_the_score: |plan| plan.upper_bound = plan.score - 1
        => Fault::BoundTooLow { field: "upper_bound", .. },
    a_gap_that_is_not_the_gap: |plan| plan.gap = Millionths(plan.gap.0 + 1_000) => Fault::WrongTotal { field: "gap", .. },
    places_that_are_miscounted: |plan| plan.places += 1 => Fault::WrongTotal { field: "places", .. },
    filled_places_that_are_miscounted: |plan| plan.filled -= 1 => Fault::WrongTotal { field: "filled", .. },
    a_bound_on_places_below_the_filled: |plan| plan.fill_upper_bound = Some(1)
        => Fault::BoundTooLow { field: "fill_upper_bound", .. },
    an_empty_session_that_is_not_told: |plan| plan.unfilled.clear() => Fault::Unfilled { .. },
    a_full_session_that_is_told_as_empty: |plan| plan.unfilled[0].session = "monday".into() => Fault::Unfilled { .. },
    a_wrong_count_of_places_left: |plan| plan.unfilled[0].places_left = 2 => Fault::Unfilled { .. },
    a_reason_that_is_not_true: |plan| plan.unfilled[0].reason = UnfilledReason::AllEligibleBetterUsed
        => Fault::Unfilled { .. },
    prices_that_prove_less_than_is_claimed: |plan| {
        plan.bound_proof = BoundProof::Prices;
        plan.prices = vec![Price { session: "tuesday".into(), points: 1_500_000 }];
    } => Fault::NotProven { field: "upper_bound", .. },
    prices_of_places_that_prove_less_than_is_claimed: |plan| {
        plan.fill_prices = vec![Price { session: "tuesday".into(), points: 2_000_000 }];
    } => Fault::NotProven { field: "fill_upper_bound", .. },
}

#[test]
fn a_day_with_two_sessions_at_once_and_too_many_minutes() {
    let mut problem = problem();
    problem.sessions.push(session("also", "near", 1));
    let mut plan = best_plan(&problem);
    let also = plan.assignments.iter().position(|assignment| assignment.session == "also").expect("filled");
    let tuesday = planned(&mut plan).clinician.clone();
    plan.assignments[also].clinician = tuesday.clone();
    let faults = check(&problem, &plan).faults;
    let both =
        |fault: &Fault| matches!(fault, Fault::CannotDoBoth { clinician, .. } if *clinician == tuesday);
    assert!(faults.iter().any(both), "{faults:?}");

    for person in &mut problem.clinicians {
        person.max_minutes_per_day = Some(300);
    }
    let faults = check(&problem, &plan).faults;
    assert!(
        faults.iter().any(|fault| matches!(fault, Fault::TooManyMinutes { minutes: 480, cap: 300, .. })),
        "{faults:?}"
    );
}

/// What is wrong with one remedy for Wednesday's session, which needs somebody who fits coils.
fn remedy_faults(change: Change, to: RemedyValue, competency: Option<&str>) -> Vec<Fault> {
    faults(|plan| {
        plan.unfilled[0].remedies.push(Remedy {
            change,
            to,
            clinician: "ann".into(),
            competency: competency.map(Into::into),
            cost_pence: 32_000,
            gains: 1,
        });
    })
}

#[test]
fn a_remedy_must_remedy() {
    let date = |text: &str| RemedyValue::Date(text.into());
    assert_eq!(remedy_faults(Change::RenewCompetency, date("2027-01-06"), Some("coils")), []);
    assert!(
        !remedy_faults(Change::RenewCompetency, date("2027-01-05"), Some("coils")).is_empty(),
        "a day too short"
    );
    assert!(
        !remedy_faults(Change::RenewCompetency, date("2027-01-06"), Some("systmone")).is_empty(),
        "another skill"
    );
    assert!(
        !remedy_faults(Change::RenewCompetency, RemedyValue::Number(1), Some("coils")).is_empty(),
        "no date"
    );
    assert!(!remedy_faults(Change::RaiseRateMax, RemedyValue::Number(9_900), None).is_empty(), "money alone");
}

#[test]
fn a_booking_may_break_rules_but_nothing_may_be_added_to_it() {
    let mut problem = world();
    problem.clinicians[0].role = "nurse".into();
    problem.booked.push(pairing("monday", "ann"));
    let plan = best_plan(&problem);
    assert_eq!(check(&problem, &plan).faults, []);
    assert_eq!(plan.filled, 1);
    problem.booked.clear();
    let faults = check(&problem, &plan).faults;
    assert!(faults.iter().any(|fault| matches!(fault, Fault::MayNotDo { code: "role", .. })), "{faults:?}");
}

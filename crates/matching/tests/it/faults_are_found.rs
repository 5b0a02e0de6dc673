//! Whatever is planted in a good plan, the checker finds it, and says it by its right name.

use matching::remedies::add_remedies;
use matching_check::{Fault, check, prove};
use matching_model::plan::{
    Assignment, BoundProof, Change, Millionths, Plan, Price, Remedy, RemedyValue, RuleCode, UnfilledReason,
};
use matching_model::problem::{Problem, Span};

use crate::planned::best_plan;
use crate::small_world::{at, clinician, pairing, session, world};

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
    a_reason_that_is_true_of_another_session: |plan| plan.unfilled[0].reason = UnfilledReason::NotWorthFilling
        => Fault::Unfilled { .. },
    a_count_of_kept_out_people_that_is_one_too_many: |plan| {
        *plan.unfilled[0].blocked.get_mut(&RuleCode::Competency).expect("two people lack it") += 1;
    } => Fault::Unfilled { .. },
    people_kept_out_by_another_rule: |plan| {
        let count = plan.unfilled[0].blocked.remove(&RuleCode::Competency).expect("two people lack it");
        plan.unfilled[0].blocked.insert(RuleCode::Overlap, count);
    } => Fault::Unfilled { .. },
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

/// The best plan of a problem with its remedies, and what is wrong once the first remedy of a kind is changed.
fn changed_remedy(problem: &Problem, kind: Change, change: impl FnOnce(&mut Remedy)) -> Vec<Fault> {
    let mut plan = best_plan(problem);
    add_remedies(problem, &mut plan);
    assert_eq!(check(problem, &plan).faults, [], "the remedies are right before one is changed");
    let mut remedies = plan.unfilled.iter_mut().flat_map(|unfilled| &mut unfilled.remedies);
    let remedy = remedies.find(|remedy| remedy.change == kind).expect("a remedy of this kind");
    change(remedy);
    check(problem, &plan).faults
}

/// Says that a remedy is right as it is, and wrong with this number one step lower.
fn assert_just_enough(problem: &Problem, kind: Change, enough: i64, step: i64) {
    let told = changed_remedy(problem, kind, |remedy| assert_eq!(remedy.to, RemedyValue::Number(enough)));
    assert_eq!(told, []);
    let less = changed_remedy(problem, kind, |remedy| remedy.to = RemedyValue::Number(enough - step));
    assert!(matches!(less.as_slice(), [Fault::Unfilled { .. }]), "{less:?}");
}

#[test]
fn more_hours_must_be_enough_and_be_what_is_missing() {
    let mut problem = world();
    problem.sessions.push(session("tuesday", "near", 1));
    problem.clinicians[0].max_minutes_per_week = Some(240);
    assert_just_enough(&problem, Change::RaiseWeeklyMinutes, 480, 1);
    let daily = changed_remedy(&problem, Change::RaiseWeeklyMinutes, |remedy| {
        remedy.change = Change::RaiseDailyMinutes;
    });
    assert!(!daily.is_empty(), "the day is not what holds them back");

    problem.clinicians[0].max_minutes_per_week = None;
    problem.clinicians[0].max_minutes_per_day = Some(239);
    problem.sessions.pop();
    assert_just_enough(&problem, Change::RaiseDailyMinutes, 240, 1);
}

#[test]
fn another_start_must_be_late_enough_and_on_the_same_date() {
    let mut problem = world();
    let mut midday = session("midday", "near", 0);
    (midday.start, midday.end) = (at(0, 12, 0), at(0, 14, 0));
    midday.priority = 1;
    problem.policy.pay_points_per_pound = 1_000;
    problem.sessions.push(midday);
    let to = |number| move |remedy: &mut Remedy| remedy.to = RemedyValue::Number(number);
    let told = changed_remedy(&problem, Change::ShiftStart, |_| {});
    assert_eq!(told, []);
    for wrong in [0, 15, 15 * 60] {
        let faults = changed_remedy(&problem, Change::ShiftStart, to(wrong));
        assert!(!faults.is_empty(), "a start {wrong} minutes later");
    }
}

#[test]
fn a_remedy_costs_what_the_pair_is_paid_and_the_cheapest_comes_first() {
    let mut problem = world();
    problem.clinicians[0].max_minutes_per_day = Some(200);
    let dearer = changed_remedy(&problem, Change::RaiseDailyMinutes, |remedy| remedy.cost_pence += 1);
    assert!(matches!(dearer.as_slice(), [Fault::Unfilled { .. }]), "{dearer:?}");
    let more = changed_remedy(&problem, Change::RaiseDailyMinutes, |remedy| remedy.gains = 2);
    assert!(matches!(more.as_slice(), [Fault::Unfilled { .. }]), "{more:?}");

    let mut second = clinician("bob");
    second.max_minutes_per_day = Some(200);
    second.rates.insert("core".into(), 9_000);
    problem.clinicians.push(second);
    let mut plan = best_plan(&problem);
    add_remedies(&problem, &mut plan);
    assert_eq!(check(&problem, &plan).faults, []);
    plan.unfilled[0].remedies.reverse();
    assert!(!check(&problem, &plan).faults.is_empty(), "the dearest first");
}

#[test]
fn time_offered_must_be_on_the_sessions_day() {
    let mut problem = world();
    problem.clinicians[0].available = vec![Span { start: at(0, 9, 0), end: at(0, 12, 0) }];
    let told = changed_remedy(&problem, Change::ExtendAvailability, |_| {});
    assert_eq!(told, []);
    let tuesday = RemedyValue::Date("2027-01-05".into());
    let faults = changed_remedy(&problem, Change::ExtendAvailability, |remedy| remedy.to = tuesday);
    assert!(matches!(faults.as_slice(), [Fault::Unfilled { .. }]), "{faults:?}");
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

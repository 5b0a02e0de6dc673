//! One rule at a time: on one side of its edge the session is filled, on the other it is not, and the plan says why.

use chrono::TimeDelta;
use matching_model::plan::{RuleCode, UnfilledReason};
use matching_model::problem::{Clinician, Problem, Span};

use crate::planned::best_plan;
use crate::small_world::{at, clinician, date, pairing, session, world};

/// Road metres from home to the practice 8 km north: 1.3 times the great circle, worked out beforehand.
const ROAD_METRES: i64 = 10_400;

/// Minutes to drive that at 40 km/h, rounded up.
const DRIVE_MINUTES: i64 = 16;

/// The problem is filled as it is; once changed it is not, for this one reason.
fn decides(code: RuleCode, allowed: &Problem, session: &str, change: impl FnOnce(&mut Problem)) {
    let plan = best_plan(allowed);
    let placed = plan.assignments.iter().filter(|assignment| assignment.session == session).count();
    assert_eq!(placed, 1, "{code:?}: not filled where the rule allows it: {:?}", plan.unfilled);
    let mut refused = allowed.clone();
    change(&mut refused);
    let plan = best_plan(&refused);
    let open = plan.unfilled.iter().find(|unfilled| unfilled.session == session);
    let open = open.unwrap_or_else(|| panic!("{code:?}: filled although the rule forbids it"));
    let expected = if code < RuleCode::Overlap {
        UnfilledReason::NoEligibleClinician
    } else {
        UnfilledReason::AllEligibleBetterUsed
    };
    assert_eq!(open.reason, expected, "{code:?}");
    let counted: Vec<_> = open.blocked.iter().collect();
    // Somebody of another role is not asked at all, so that rule is never counted.
    let told = if code == RuleCode::Role { vec![] } else { vec![(&code, &1)] };
    assert_eq!(counted, told, "{code:?}");
}

/// A day with a booking that the one clinician keeps, and a second session after it.
fn two_sessions(first_minutes: i64, gap_minutes: i64, practice: &str) -> Problem {
    let mut problem = world();
    problem.sessions[0].end = problem.sessions[0].start + TimeDelta::minutes(first_minutes);
    let mut second = session("second", practice, 0);
    second.start = problem.sessions[0].end + TimeDelta::minutes(gap_minutes);
    second.end = second.start + TimeDelta::minutes(120);
    problem.sessions.push(second);
    problem.booked.push(pairing("monday", "ann"));
    problem
}

#[test]
fn a_role_that_is_not_accepted() {
    decides(RuleCode::Role, &world(), "monday", |problem| problem.clinicians[0].role = "nurse".into());
}

#[test]
fn a_competency_that_is_missing() {
    decides(RuleCode::Competency, &world(), "monday", |problem| {
        problem.clinicians[0].competencies.remove("systmone");
    });
}

#[test]
fn a_competency_that_lasts_through_the_last_day_and_one_that_does_not() {
    let mut problem = world();
    problem.clinicians[0].competencies.insert("systmone".into(), Some(date("2027-01-04")));
    decides(RuleCode::Competency, &problem, "monday", |problem| {
        problem.clinicians[0].competencies.insert("systmone".into(), Some(date("2027-01-03")));
    });
}

#[test]
fn a_session_over_midnight_needs_the_competency_on_the_next_day_too() {
    let mut problem = world();
    problem.sessions[0].start = at(0, 20, 0);
    problem.sessions[0].end = at(1, 2, 0);
    problem.clinicians[0].available = vec![Span { start: at(0, 20, 0), end: at(1, 2, 0) }];
    problem.clinicians[0].competencies.insert("systmone".into(), Some(date("2027-01-05")));
    decides(RuleCode::Competency, &problem, "monday", |problem| {
        problem.clinicians[0].competencies.insert("systmone".into(), Some(date("2027-01-04")));
    });
}

#[test]
fn a_clearance_that_lasts_through_the_last_day_and_one_that_does_not() {
    let mut problem = world();
    problem.clinicians[0].cleared_until = Some(date("2027-01-04"));
    decides(RuleCode::Clearance, &problem, "monday", |problem| {
        problem.clinicians[0].cleared_until = Some(date("2027-01-03"));
    });
    decides(RuleCode::Clearance, &problem, "monday", |problem| problem.clinicians[0].cleared_until = None);
}

#[test]
fn an_offered_time_that_is_just_long_enough_at_either_end() {
    let mut problem = world();
    problem.clinicians[0].available = vec![Span { start: at(0, 9, 0), end: at(0, 13, 0) }];
    decides(RuleCode::Availability, &problem, "monday", |problem| {
        problem.clinicians[0].available[0].start = at(0, 9, 1);
    });
    decides(RuleCode::Availability, &problem, "monday", |problem| {
        problem.clinicians[0].available[0].end = at(0, 12, 59);
    });
}

#[test]
fn two_offered_times_that_meet_do_not_make_one() {
    decides(RuleCode::Availability, &world(), "monday", |problem| {
        problem.clinicians[0].available = vec![
            Span { start: at(0, 8, 0), end: at(0, 11, 0) },
            Span { start: at(0, 11, 0), end: at(0, 14, 0) },
        ];
    });
}

#[test]
fn a_rate_that_is_just_within_the_range() {
    let mut problem = world();
    problem.clinicians[0].rates.insert("core".into(), 9_500);
    decides(RuleCode::Rate, &problem, "monday", |problem| {
        problem.clinicians[0].rates.insert("core".into(), 9_501);
    });
    decides(RuleCode::Rate, &problem, "monday", |problem| {
        problem.clinicians[0].rates.remove("core");
    });
}

#[test]
fn a_way_that_is_just_short_enough() {
    let mut problem = world();
    problem.sessions[0].practice = "far".into();
    let metres = best_plan(&problem).assignments[0].road_metres;
    assert!((ROAD_METRES - 5..=ROAD_METRES + 5).contains(&metres), "{metres} metres of road");
    problem.clinicians[0].max_travel_metres = metres;
    decides(RuleCode::Distance, &problem, "monday", |problem| {
        problem.clinicians[0].max_travel_metres = metres - 1;
    });
}

#[test]
fn a_refusal_by_either_side() {
    decides(RuleCode::Refused, &world(), "monday", |problem| {
        problem.clinicians[0].refuses.push("near".into());
    });
    decides(RuleCode::Refused, &world(), "monday", |problem| problem.practices[0].refuses.push("ann".into()));
}

#[test]
fn a_session_that_was_given_back() {
    let mut problem = world();
    problem.clinicians[0].not_again = Vec::new();
    decides(RuleCode::NotAgain, &problem, "monday", |problem| {
        problem.clinicians[0].not_again = vec!["monday".into()];
    });
}

#[test]
fn a_session_that_is_open_to_others_first() {
    let mut problem = world();
    // Somebody of another role is on the list, who is not asked and so not counted.
    problem.clinicians.push(Clinician { role: "nurse".into(), ..clinician("bob") });
    problem.sessions[0].open_to = Some(vec!["ann".into(), "bob".into()]);
    decides(RuleCode::Audience, &problem, "monday", |problem| {
        problem.sessions[0].open_to = Some(vec!["bob".into()]);
    });
}

#[test]
fn a_session_may_begin_when_the_one_before_ends() {
    decides(RuleCode::Overlap, &two_sessions(240, 0, "near"), "second", |problem| {
        problem.sessions[1].start -= TimeDelta::minutes(1);
    });
}

#[test]
fn a_drive_that_just_fits() {
    decides(RuleCode::Travel, &two_sessions(240, DRIVE_MINUTES, "far"), "second", |problem| {
        problem.sessions[1].start -= TimeDelta::minutes(1);
        problem.sessions[1].end -= TimeDelta::minutes(1);
    });
}

#[test]
fn a_drive_back_from_a_booking_counts_as_well() {
    let mut problem = two_sessions(240, DRIVE_MINUTES, "far");
    problem.booked = vec![pairing("second", "ann")];
    decides(RuleCode::Travel, &problem, "monday", |problem| {
        problem.sessions[0].end += TimeDelta::minutes(1);
    });
}

#[test]
fn a_night_of_just_enough_rest() {
    let mut problem = world();
    problem.sessions[0].start = at(0, 17, 0);
    problem.sessions[0].end = at(0, 21, 0);
    problem.sessions.push(session("tuesday", "near", 1));
    problem.booked.push(pairing("monday", "ann"));
    problem.clinicians[0].rest_minutes = 12 * 60;
    decides(RuleCode::Rest, &problem, "tuesday", |problem| problem.clinicians[0].rest_minutes = 12 * 60 + 1);
}

#[test]
fn rest_is_not_asked_for_within_one_day() {
    let mut problem = two_sessions(240, 0, "near");
    problem.clinicians[0].rest_minutes = 660;
    assert_eq!(best_plan(&problem).filled, 2);
}

#[test]
fn a_week_that_is_just_full() {
    let mut problem = world();
    problem.sessions.push(session("sunday", "near", 6));
    problem.booked.push(pairing("monday", "ann"));
    problem.clinicians[0].max_minutes_per_week = Some(480);
    decides(RuleCode::WeeklyHours, &problem, "sunday", |problem| {
        problem.clinicians[0].max_minutes_per_week = Some(479);
    });
}

#[test]
fn the_week_changes_on_monday() {
    let mut problem = world();
    problem.sessions.push(session("next", "near", 7));
    problem.clinicians[0].available.push(Span { start: at(7, 6, 0), end: at(7, 23, 0) });
    problem.clinicians[0].max_minutes_per_week = Some(240);
    assert_eq!(best_plan(&problem).filled, 2, "Monday and the Monday after are two weeks");
}

#[test]
fn a_day_that_is_just_full() {
    let mut problem = two_sessions(240, 0, "near");
    problem.clinicians[0].max_minutes_per_day = Some(360);
    decides(RuleCode::DailyHours, &problem, "second", |problem| {
        problem.clinicians[0].max_minutes_per_day = Some(359);
    });
}

#[test]
fn a_pair_that_costs_more_than_it_is_worth_is_left_and_said_so() {
    let mut problem = world();
    // Four hours at £80 are £320; at 3,125 points a pound that is exactly what filling is worth.
    problem.policy.pay_points_per_pound = 3_124;
    assert_eq!(best_plan(&problem).filled, 1);
    problem.policy.pay_points_per_pound = 3_125;
    let plan = best_plan(&problem);
    assert_eq!(plan.filled, 0);
    assert_eq!(plan.unfilled[0].reason, UnfilledReason::NotWorthFilling);
}

#[test]
fn every_weight_of_the_score_counts() {
    let mut problem = world();
    let clinician = &mut problem.clinicians[0];
    clinician.prefers = vec!["near".into()];
    clinician.recent_practices = vec!["near".into()];
    clinician.fairness_points = 7;
    clinician.home = crate::small_world::north(8_000);
    problem.sessions[0].priority = 2;
    problem.incumbent.push(pairing("monday", "ann"));
    let plan = best_plan(&problem);
    let metres = plan.assignments[0].road_metres;
    // Two fills, less £320 at 100 points, less the way, and what is earned by preference, continuity, an offer out
    // and fairness.
    let expected = 2_000_000 - 32_000 - metres * 60 / 1_000 + 5_000 + 3_000 + 20_000 + 7;
    assert_eq!(plan.assignments[0].score, expected);
    assert_eq!(plan.score, expected);
}

#[test]
fn a_days_hours_count_bookings_and_all_that_is_added() {
    let mut problem = world();
    problem.booked.push(pairing("monday", "ann"));
    for (id, hour) in [("afternoon", 14), ("evening", 19)] {
        let mut more = session(id, "near", 0);
        (more.start, more.end) = (at(0, hour, 0), at(0, hour + 4, 0));
        problem.sessions.push(more);
    }
    problem.clinicians[0].max_minutes_per_day = Some(719);
    assert_eq!(best_plan(&problem).filled, 2, "the booking and one of the two");
    problem.clinicians[0].max_minutes_per_day = Some(720);
    assert_eq!(best_plan(&problem).filled, 3, "all three");
}

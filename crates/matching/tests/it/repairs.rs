//! A plan is repaired after something happened: little moves, nothing booked moves, and the proof stays sound.

use chrono::{DateTime, TimeDelta, Utc};
use matching::example::Shape;
use matching::repair::{LoadedPlan, Repair, RepairError};
use matching_check::{Fault, check, prove};
use matching_model::change::{Changes, Event};
use matching_model::plan::Plan;
use matching_model::problem::{Pairing, Problem};

use crate::planned::best_plan;
use crate::small_world::{clinician, pairing, session, world};
use crate::tiny_problems::tiny;
use crate::whole_runs::made;

fn monday() -> DateTime<Utc> {
    "2027-01-04T06:00:00Z".parse().expect("a time")
}

fn changes(events: Vec<Event>) -> Changes {
    Changes { at: monday(), events }
}

fn cancelled(session: &str, clinician: &str) -> Event {
    Event::Cancelled { session: session.into(), clinician: clinician.into() }
}

/// Repairs, and checks everything that must always hold.
fn repaired(problem: &Problem, plan: &Plan, events: Vec<Event>, told: &str) -> (Repair, LoadedPlan, Plan) {
    let mut loaded = LoadedPlan::load(problem.clone(), plan).expect("a plan of this problem");
    let repair = loaded.repair(&changes(events)).expect(told);
    let after = loaded.plan();
    let mut faults = check(loaded.problem(), &after).faults;
    assert!(faults.is_empty(), "{told}: {faults:?}");
    let proven = prove(loaded.problem(), &after, &mut faults).expect("prices");
    assert!(faults.is_empty(), "{told}: {faults:?}");
    assert_eq!(proven.score, i128::from(after.upper_bound), "{told}: the bound is what the prices prove");
    assert_eq!((repair.score, repair.upper_bound), (after.score, after.upper_bound), "{told}");
    for pair in &loaded.problem().booked {
        assert!(is_placed(&after, pair), "{told}: the booking of {} in {}", pair.clinician, pair.session);
    }
    (repair, loaded, after)
}

fn is_placed(plan: &Plan, pair: &Pairing) -> bool {
    plan.assignments.iter().any(|a| a.session == pair.session && a.clinician == pair.clinician)
}

#[test]
fn somebody_free_takes_over_and_nobody_moves() {
    let mut problem = world();
    problem.clinicians.push(clinician("bob"));
    let plan = best_plan(&problem);
    let had_it = plan.assignments[0].clinician.clone();
    let (repair, _, after) = repaired(&problem, &plan, vec![cancelled("monday", &had_it)], "one free");
    assert_eq!(repair.places[0].taken, Some(0));
    assert_ne!(after.assignments[0].clinician, had_it, "whoever gave it back is not asked again");
}

#[test]
fn somebody_moves_when_that_fills_a_place_and_only_then() {
    // Ann may do both, Bob only the second, Cat held the first; all at one time.
    let mut problem = world();
    problem.sessions.push(session("second", "far", 0));
    problem.clinicians.push(clinician("bob"));
    problem.clinicians.push(clinician("cat"));
    problem.clinicians[1].refuses = vec!["near".into()];
    problem.clinicians[2].refuses = vec!["far".into()];
    problem.incumbent = vec![pairing("second", "ann"), pairing("monday", "cat")];
    let plan = best_plan(&problem);
    assert!(is_placed(&plan, &pairing("second", "ann")) && is_placed(&plan, &pairing("monday", "cat")));

    let (repair, _, after) = repaired(&problem, &plan, vec![cancelled("monday", "cat")], "one moves");
    assert_eq!(repair.places[0].taken, Some(1));
    assert!(is_placed(&after, &pairing("monday", "ann")) && is_placed(&after, &pairing("second", "bob")));

    // Once Ann is booked she does not move, so the place stays empty.
    problem.booked = vec![pairing("second", "ann")];
    problem.incumbent = vec![pairing("monday", "cat")];
    let plan = best_plan(&problem);
    let (repair, _, after) = repaired(&problem, &plan, vec![cancelled("monday", "cat")], "booked");
    assert_eq!(repair.places[0].taken, None);
    assert_eq!(after.filled, 1);
}

#[test]
fn every_kind_of_event_is_repaired_soundly() {
    for (seed, shape) in (40..).zip([Shape::Usual, Shape::OverSupply, Shape::ClockChange, Shape::ManyPlaces])
    {
        let problem = made(shape, 60, 25, seed);
        let plan = best_plan(&problem);
        let first = &plan.assignments[0];
        let last = &plan.assignments[plan.assignments.len() - 1];
        let of = |id: &str| problem.sessions.iter().find(|work| work.id == id).expect("a session").clone();
        let (work, other) = (of(&first.session), of(&last.session));
        let mut added = work.clone();
        added.id = "new".into();
        let cases = [
            vec![cancelled(&first.session, &first.clinician)],
            vec![Event::Withdrawn { session: first.session.clone() }],
            vec![Event::Added { session: added }],
            vec![Event::Moved {
                session: work.id.clone(),
                start: work.start + TimeDelta::hours(2),
                end: work.end + TimeDelta::hours(2),
            }],
            vec![Event::Away {
                clinician: first.clinician.clone(),
                from: work.start - TimeDelta::days(2),
                until: work.end + TimeDelta::days(3),
            }],
            vec![Event::Rate { session: work.id.clone(), rate_min: 1_000, rate_max: 1_100 }],
            vec![
                cancelled(&last.session, &last.clinician),
                Event::Withdrawn { session: first.session.clone() },
                Event::Rate { session: other.id.clone(), rate_min: 5_000, rate_max: 20_000 },
            ],
        ];
        for events in cases {
            let told = format!("{shape:?}: {events:?}");
            repaired(&problem, &plan, events, &told);
        }
    }
}

#[test]
fn a_repair_is_no_worse_than_leaving_the_place_empty_and_never_beats_a_new_plan() {
    let mut filled_again = 0;
    // Of the sessions some are open to one person alone, so that few of these places are filled again.
    for seed in 0..900 {
        let problem = tiny(seed);
        let plan = best_plan(&problem);
        for assignment in &plan.assignments {
            let told = format!("seed {seed}, {} gives {} back", assignment.clinician, assignment.session);
            let event = cancelled(&assignment.session, &assignment.clinician);
            let (repair, loaded, after) = repaired(&problem, &plan, vec![event], &told);
            assert!(repair.score >= plan.score - assignment.score, "{told}");
            assert!(after.filled + 1 >= plan.filled, "{told}");
            assert!(repair.score <= best_plan(loaded.problem()).score, "{told}");
            filled_again += u32::from(repair.places[0].taken.is_some());
        }
    }
    assert!(filled_again > 30, "only {filled_again} places were filled again");
}

#[test]
fn standbys_can_really_step_in() {
    let problem = made(Shape::OverSupply, 60, 25, 44);
    let plan = best_plan(&problem);
    let loaded = LoadedPlan::load(problem.clone(), &plan).expect("loads");
    let standbys = loaded.standbys(monday());
    assert!(standbys.len() > 5 && standbys.iter().any(|standby| standby.people.len() == 5));
    for standby in &standbys {
        let work = problem.sessions.iter().find(|work| work.id == standby.session).expect("a session");
        assert!(work.priority >= 3 || work.start <= monday() + TimeDelta::hours(72), "{}", work.id);
        for person in &standby.people {
            assert_eq!(person.way.steps[0].clinician, person.clinician);
            let mut after = plan.clone();
            let place =
                after.assignments.iter().position(|a| a.session == work.id).expect("somebody is in it");
            after.assignments.remove(place);
            for step in &person.way.steps {
                after
                    .assignments
                    .retain(|a| a.clinician != step.clinician || Some(&a.session) != step.leaves.as_ref());
                let mut taken = plan.assignments[0].clone();
                (taken.session, taken.clinician) = (step.takes.clone(), step.clinician.clone());
                after.assignments.push(taken);
            }
            // Somebody fell out and the numbers are wrong now; every rule is kept.
            let breaks_a_rule = |fault: &Fault| {
                matches!(
                    fault,
                    Fault::MayNotDo { .. }
                        | Fault::CannotDoBoth { .. }
                        | Fault::TooManyMinutes { .. }
                        | Fault::TooManyPeople { .. }
                )
            };
            let faults: Vec<_> = check(&problem, &after).faults.into_iter().filter(breaks_a_rule).collect();
            assert!(faults.is_empty(), "{standby:?}: {faults:?}");
        }
    }
}

#[test]
fn events_that_cannot_have_happened_are_refused() {
    let (problem, plan) = (world(), best_plan(&world()));
    let mut loaded = LoadedPlan::load(problem, &plan).expect("loads");
    let mut refused = |event: Event| loaded.repair(&changes(vec![event])).expect_err("must be refused");
    assert!(matches!(refused(cancelled("monday", "eve")), RepairError::UnknownClinician { .. }));
    assert!(matches!(refused(cancelled("sunday", "ann")), RepairError::UnknownSession { .. }));
    assert!(matches!(
        refused(Event::Added { session: session("monday", "near", 1) }),
        RepairError::NotNew { .. }
    ));
    let backwards = Event::Rate { session: "monday".into(), rate_min: 9_000, rate_max: 7_000 };
    assert!(matches!(refused(backwards), RepairError::Unfit(_)));
    assert_eq!(loaded.plan().score, plan.score, "a refused event changes nothing");
    loaded.repair(&changes(vec![cancelled("monday", "ann")])).expect("ann is there");
    let again = loaded.repair(&changes(vec![cancelled("monday", "ann")]));
    assert!(matches!(again, Err(RepairError::NotPlaced { .. })));
}

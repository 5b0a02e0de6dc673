//! Whole runs over problems of every shape: legal, proven, the same whatever the threads, and well ended early.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use matching::example::{District, Request, Shape, example, read_districts};
use matching::{Budget, NeverStop, NoProgress, Stop, plan_problem};
use matching_check::{check, prove};
use matching_model::plan::{BoundProof, Plan};
use matching_model::problem::Problem;

use crate::planned::best_plan;
use crate::small_world::{clinician, date, session, world};
use crate::tiny_problems::tiny;

pub const SHAPES: [Shape; 12] = [
    Shape::Usual,
    Shape::OverSupply,
    Shape::Scarcity,
    Shape::OneRole,
    Shape::ManyPlaces,
    Shape::TightWeeks,
    Shape::AllBooked,
    Shape::Empty,
    Shape::OneSession,
    Shape::NobodyEligible,
    Shape::Identical,
    Shape::ClockChange,
];

pub fn districts() -> Vec<District> {
    read_districts(include_str!("../../../../config/outcodes.csv")).expect("the districts that are shipped")
}

pub fn made(shape: Shape, sessions: usize, clinicians: usize, seed: u64) -> Problem {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions,
        clinicians,
        weeks: 2,
        start: date("2027-01-04"),
        seed,
        shape,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 50,
        incumbent_per_mille: 50,
    };
    example(&request, &districts()).expect("an example")
}

/// A plan is legal, and its prices prove at most what it claims.
fn assert_sound(problem: &Problem, plan: &Plan, told: &str) {
    let report = check(problem, plan);
    assert!(report.faults.is_empty(), "{told}: {:?}", report.faults);
    let mut faults = Vec::new();
    let proven = prove(problem, plan, &mut faults).expect("prices that can be used");
    assert!(faults.is_empty(), "{told}: {faults:?}");
    if plan.bound_proof == BoundProof::Prices {
        assert!(proven.score <= i128::from(plan.upper_bound), "{told}");
    }
}

fn stripped(plan: &Plan) -> String {
    serde_json::to_string(plan).expect("writes")
}

#[test]
fn every_shape_is_planned_soundly() {
    for shape in SHAPES {
        let problem = made(shape, 80, 30, 5);
        problem.validate().expect("examples are sound");
        let plan = best_plan(&problem);
        assert_sound(&problem, &plan, &format!("{shape:?}"));
        match shape {
            Shape::Empty => assert_eq!((plan.places, plan.score), (0, 0)),
            Shape::NobodyEligible => assert!(plan.filled <= problem.booked.len() as u64),
            Shape::AllBooked => assert_eq!(plan.filled, plan.places),
            Shape::OneSession => assert_eq!(problem.sessions.len(), 1),
            _ => assert!(plan.filled > 0, "{shape:?}"),
        }
    }
}

#[test]
fn the_same_problem_gives_the_same_plan_whatever_the_threads() {
    for shape in [Shape::Usual, Shape::OverSupply, Shape::Identical, Shape::ClockChange] {
        let problem = made(shape, 120, 40, 9);
        let plans = [1, 2, 5].map(|threads| {
            let budget = Budget { iterations: Some(60), threads: Some(threads), ..Budget::default() };
            plan_problem(&problem, &budget, &NeverStop, &NoProgress).expect("plans")
        });
        assert_eq!(stripped(&plans[0]), stripped(&plans[1]), "{shape:?}: one thread and two");
        assert_eq!(stripped(&plans[0]), stripped(&plans[2]), "{shape:?}: one thread and five");
    }
}

#[test]
fn neither_order_nor_names_nor_the_year_change_the_score() {
    for seed in 0..150 {
        let problem = tiny(seed);
        let score = best_plan(&problem).score;

        let mut turned = problem.clone();
        turned.sessions.reverse();
        turned.clinicians.reverse();
        turned.practices.reverse();
        assert_eq!(best_plan(&turned).score, score, "seed {seed}: the order of the file");

        // Names that sort the other way round.
        let named = |id: &str| format!("{}-{id}", char::from(b'z' - id.as_bytes()[id.len() - 1] % 26));
        let mut renamed = problem.clone();
        for person in &mut renamed.clinicians {
            person.id = named(&person.id);
            person.not_again = person.not_again.iter().map(|id| named(id)).collect();
        }
        for work in &mut renamed.sessions {
            work.id = named(&work.id);
            let open_to = work.open_to.take();
            work.open_to = open_to.map(|people| people.iter().map(|id| named(id)).collect());
        }
        for place in &mut renamed.practices {
            place.refuses = place.refuses.iter().map(|id| named(id)).collect();
        }
        for pair in renamed.booked.iter_mut().chain(&mut renamed.incumbent) {
            (pair.session, pair.clinician) = (named(&pair.session), named(&pair.clinician));
        }
        assert_eq!(best_plan(&renamed).score, score, "seed {seed}: other names");

        // Four years on begin on the same weekday, when they are 1,461 days; five weeks are 35.
        let shift = TimeDelta::days(35);
        let mut later = problem.clone();
        for person in &mut later.clinicians {
            for span in &mut person.available {
                (span.start, span.end) = (span.start + shift, span.end + shift);
            }
            person.cleared_until = person.cleared_until.map(|until| until + shift);
            for until in person.competencies.values_mut() {
                *until = until.map(|until| until + shift);
            }
        }
        for work in &mut later.sessions {
            (work.start, work.end) = (work.start + shift, work.end + shift);
        }
        assert_eq!(best_plan(&later).score, score, "seed {seed}: five weeks later");
    }
}

/// Says stop after it was asked so many times.
struct StopAfter(AtomicU32);

impl Stop for StopAfter {
    fn is_due(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(1)))
            == Ok(0)
    }
}

#[test]
fn a_run_that_is_ended_at_any_moment_gives_a_legal_plan_and_a_valid_bound() {
    let problem = made(Shape::Usual, 150, 50, 11);
    let best = best_plan(&problem);
    assert_eq!(best.score, best.upper_bound, "the best is known");
    let (mut unfinished, mut moments) = (0, 0);
    for moment in (0..25).chain((5..30).map(|step| step * step)) {
        let stop = StopAfter(AtomicU32::new(moment));
        let plan = plan_problem(&problem, &Budget::default(), &stop, &NoProgress).expect("plans");
        assert_sound(&problem, &plan, &format!("ended at the {moment}th question"));
        assert!(plan.upper_bound >= best.score, "ended at {moment}: the bound is below the optimum");
        unfinished += u32::from(plan.upper_bound > plan.score);
        moments += 1;
    }
    assert_eq!(moments, 50);
    assert!(unfinished > 0, "no run was ended before it was done");
}

#[test]
fn more_of_anything_never_lowers_the_bound_or_the_best() {
    for seed in 0..150 {
        let problem = tiny(seed);
        if !problem.booked.is_empty() {
            continue;
        }
        let plan = best_plan(&problem);
        let mut larger = problem.clone();
        let open = crate::small_world::clinician("helper");
        larger.clinicians.push(open);
        assert!(best_plan(&larger).score >= plan.score, "seed {seed}: one more person");
        let mut richer = problem.clone();
        for work in &mut richer.sessions {
            work.rate_max += 1_000;
        }
        assert!(best_plan(&richer).score >= plan.score, "seed {seed}: more money");
    }
}

#[test]
fn a_thousand_identical_people_over_ten_years() {
    let mut problem = world();
    let template = clinician("c");
    problem.clinicians = (0..1_000)
        .map(|number| matching_model::problem::Clinician { id: format!("c{number:04}"), ..template.clone() })
        .collect();
    problem.sessions = (0..7).map(|day| session(&format!("s{day}"), "near", day)).collect();
    let mut distant = session("distant", "near", 0);
    (distant.start, distant.end) =
        (distant.start + TimeDelta::days(3_653), distant.end + TimeDelta::days(3_653));
    problem.sessions.push(distant);
    let plan = best_plan(&problem);
    assert_sound(&problem, &plan, "identical people");
    assert_eq!((plan.filled, plan.places), (7, 8));
    assert_eq!(plan.score, plan.upper_bound);
}

/// On Sunday 28 March 2027 the clocks go forward: a session from 6pm on Saturday to 6pm on Sunday lasts 23 hours.
#[test]
fn a_night_in_which_the_clocks_change_has_an_hour_less() {
    let mut problem = world();
    let start = "2027-03-27T18:00:00Z".parse().expect("a time");
    let end = "2027-03-28T17:00:00Z".parse().expect("a time");
    (problem.sessions[0].start, problem.sessions[0].end) = (start, end);
    problem.clinicians[0].available = vec![matching_model::problem::Span { start, end }];
    problem.clinicians[0].max_minutes_per_day = Some(23 * 60);
    let plan = best_plan(&problem);
    assert_sound(&problem, &plan, "clock change");
    assert_eq!(plan.assignments[0].pay_pence, 23 * 8_000);
}

/// The days on which the clocks change have 23 hours (28 March 2027) and 25 (31 October 2027). Local dates decide which
/// day, which week and whether a clearance still holds; instants decide how long a session is and what it pays.
#[test]
fn sundays_on_which_the_clocks_change_are_days_of_their_own_week() {
    for (sunday, start, end, hours) in [
        // 00:30 to 03:30 by the clock, with two hours of work between 1am and 2am missing or twice there.
        ("2027-03-28", "2027-03-28T00:30:00Z", "2027-03-28T02:30:00Z", 2),
        ("2027-10-31", "2027-10-30T23:30:00Z", "2027-10-31T03:30:00Z", 4),
    ] {
        let mut problem = world();
        let at = |time: &str| time.parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
        let (start, end) = (at(start), at(end));
        (problem.sessions[0].start, problem.sessions[0].end) = (start, end);
        // The Monday after belongs to the next week, so its hours do not count with Sunday's.
        let mut monday = problem.sessions[0].clone();
        monday.id = "next".into();
        (monday.start, monday.end) = (start + TimeDelta::hours(32), start + TimeDelta::hours(32 + hours));
        problem.sessions.push(monday);
        let person = &mut problem.clinicians[0];
        let last = end + TimeDelta::days(3);
        person.available = vec![matching_model::problem::Span { start, end: last }];
        person.max_minutes_per_week = Some(hours * 60);
        person.max_minutes_per_day = Some(hours * 60);
        person.cleared_until = Some(date(sunday) + TimeDelta::days(1));
        let plan = best_plan(&problem);
        assert_sound(&problem, &plan, sunday);
        assert_eq!(plan.filled, 2, "{sunday}");
        assert!(plan.assignments.iter().all(|one| one.pay_pence == hours * 8_000), "{sunday}");

        problem.clinicians[0].max_minutes_per_day = Some(hours * 60 - 1);
        assert_eq!(best_plan(&problem).filled, 0, "{sunday}: a minute too long");
        problem.clinicians[0].max_minutes_per_day = None;
        problem.clinicians[0].cleared_until = Some(date(sunday));
        let plan = best_plan(&problem);
        assert_sound(&problem, &plan, sunday);
        assert_eq!(plan.filled, 1, "{sunday}: cleared through Sunday alone");
        problem.clinicians[0].cleared_until = Some(date(sunday) - TimeDelta::days(1));
        assert_eq!(best_plan(&problem).filled, 0, "{sunday}: cleared through Saturday");
    }
}

//! `locumbank match --seconds N` is over N seconds after it began, whatever else the machine does and however long a step
//! of the work would take, with a plan that passes the check.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use matching::example::{Request, Shape, example, read_districts};
use matching_model::format::{read_plan, write_problem};
use matching_model::plan::Plan;
use matching_model::problem::{Problem, Session, Span};

use crate::at_the_command_line::small_world;

/// What the budget may be passed by: two in a hundred, and what it takes to start a process and to wait for it on a
/// machine on which other tests run: each of the dozen moments at which it may be sent to the back of the queue
/// costs a few hundredths of a second there.
fn allowed(budget: Duration) -> Duration {
    budget + budget / 50 + Duration::from_millis(300)
}

/// Keeps as many processors busy as are said, as long as `doing` takes.
fn beside<T>(loops: usize, doing: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..loops {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let done = doing();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

/// Plans a problem for so long, has the plan checked, and says how long it took.
fn planned(problem: &Problem, seconds: &str, loops: usize) -> (Plan, Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::fs::File::create(folder.path().join("problem.json")).expect("a file");
    write_problem(problem, std::io::BufWriter::new(file)).expect("writes");
    let run = |arguments: &[&str], folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
        let done = command.args(arguments).current_dir(folder).output().expect("the binary starts");
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let took = beside(loops, || {
        let began = Instant::now();
        let arguments = ["match", "problem.json", "--out", "plan.json", "--quiet", "--seconds", seconds];
        run(&arguments, folder.path());
        began.elapsed()
    });
    run(&["check", "problem.json", "plan.json", "--bound"], folder.path());
    let plan = std::fs::File::open(folder.path().join("plan.json")).expect("a plan");
    (read_plan(plan).expect("a plan"), took)
}

/// Takes longer than any budget here: everybody is free at all times.
fn long_problem() -> Problem {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions: 3_000,
        clinicians: 1_000,
        weeks: 2,
        start: small_world::date("2027-01-04"),
        seed: 12,
        shape: Shape::OverSupply,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 50,
        incumbent_per_mille: 50,
    };
    let districts =
        read_districts(include_str!("../../config/outcodes.csv")).expect("the districts that are shipped");
    example(&request, &districts).expect("an example")
}

/// A general assignment problem: a thousand short sessions one after another, any of which anybody may do, and six people
/// with hours for an eighth of them each. One look at one person's schedules takes seconds, and heeds no clock.
fn assignment_problem() -> Problem {
    let mut problem = small_world::world();
    let first: DateTime<Utc> = "2027-01-04T00:00:00Z".parse().expect("a time");
    let at = |number: i64| first + TimeDelta::minutes(number * 7);
    let session = small_world::session("s", "near", 0);
    problem.sessions = (0..1_000)
        .map(|number| Session {
            id: format!("s{number:04}"),
            start: at(number),
            end: at(number) + TimeDelta::minutes(1 + number * number % 7),
            ..session.clone()
        })
        .collect();
    let person = small_world::clinician("c");
    problem.clinicians = (0..6)
        .map(|number| {
            let mut person = person.clone();
            person.id = format!("c{number}");
            person.available = vec![Span { start: first, end: at(1_001) }];
            person.max_minutes_per_week = Some(400 + number);
            person.max_minutes_per_day = None;
            person.rest_minutes = 0;
            person
        })
        .collect();
    problem
}

#[test]
fn a_budget_is_kept_beside_busy_loops() {
    let problem = long_problem();
    for loops in [1, 6] {
        let (plan, took) = planned(&problem, "4", loops);
        assert!(took <= allowed(Duration::from_secs(4)), "{took:?} beside {loops} busy loops");
        assert!(plan.filled > problem.booked.len() as u64, "nobody is placed beside {loops} busy loops");
    }
}

#[test]
fn a_step_that_heeds_no_clock_is_cut_off() {
    let problem = assignment_problem();
    let (plan, took) = planned(&problem, "2", 0);
    assert!(took <= allowed(Duration::from_secs(2)), "{took:?}");
    assert!(plan.filled > 0, "nobody is placed");
}

#[test]
fn a_budget_shorter_than_reading_gives_the_bookings_and_a_bound() {
    let problem = long_problem();
    let (plan, _) = planned(&problem, "0.001", 0);
    assert_eq!(plan.assignments.len(), problem.booked.len());
    assert!(plan.upper_bound > plan.score);
}

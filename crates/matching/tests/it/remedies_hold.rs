//! What a remedy promises comes true when the change is made and everything is planned again.

use matching::example::Shape;
use matching::remedies::add_remedies;
use matching_model::plan::{Change, Plan, Remedy, RemedyValue};
use matching_model::problem::{Problem, Span};

use crate::planned::best_plan;
use crate::small_world::date;
use crate::whole_runs::made;

fn number(remedy: &Remedy) -> i64 {
    match &remedy.to {
        RemedyValue::Number(number) => *number,
        RemedyValue::Date(date) => panic!("{:?} to a date, {date}", remedy.change),
    }
}

fn until(remedy: &Remedy) -> chrono::NaiveDate {
    match &remedy.to {
        RemedyValue::Number(number) => panic!("{:?} to a number, {number}", remedy.change),
        RemedyValue::Date(text) => date(text),
    }
}

/// The problem with the one change made.
fn applied(problem: &Problem, session: &str, remedy: &Remedy) -> Problem {
    let mut problem = problem.clone();
    let work = problem.sessions.iter_mut().find(|work| work.id == session).expect("the session");
    let person =
        problem.clinicians.iter_mut().find(|person| person.id == remedy.clinician).expect("the person");
    match remedy.change {
        Change::RaiseRateMax => work.rate_max = number(remedy),
        Change::ExtendTravel => person.max_travel_metres = number(remedy),
        Change::ShiftStart => {
            let by = chrono::TimeDelta::minutes(number(remedy));
            (work.start, work.end) = (work.start + by, work.end + by);
        }
        Change::ExtendAvailability => person.available.push(Span { start: work.start, end: work.end }),
        Change::RenewCompetency => {
            let name = remedy.competency.clone().expect("which competency");
            person.competencies.insert(name, Some(until(remedy)));
        }
        Change::ExtendClearance => person.cleared_until = Some(until(remedy)),
        Change::RaiseWeeklyMinutes => person.max_minutes_per_week = Some(number(remedy)),
        Change::RaiseDailyMinutes => person.max_minutes_per_day = Some(number(remedy)),
    }
    problem
}

fn planned_with_remedies(seed: u64, shape: Shape) -> (Problem, Plan) {
    let mut problem = made(shape, 70, 30, seed);
    // With one priority the best plan is the fullest, so that places can be compared.
    for work in &mut problem.sessions {
        work.priority = 1;
    }
    let mut plan = best_plan(&problem);
    assert_eq!(plan.score, plan.upper_bound, "the best is known");
    add_remedies(&problem, &mut plan);
    (problem, plan)
}

#[test]
fn two_hundred_remedies_give_what_they_say() {
    let (mut tried, mut gaining) = (0, 0);
    let mut kinds = std::collections::BTreeSet::new();
    for (seed, shape) in
        (20..).zip([Shape::Usual, Shape::OneRole, Shape::TightWeeks, Shape::Scarcity].iter().cycle())
    {
        let (problem, plan) = planned_with_remedies(seed, *shape);
        for unfilled in &plan.unfilled {
            assert!(unfilled.remedies.len() <= 5);
            assert!(unfilled.remedies.is_sorted_by_key(|remedy| remedy.cost_pence), "cheapest first");
            for remedy in &unfilled.remedies {
                let again = best_plan(&applied(&problem, &unfilled.session, remedy));
                let told = format!("seed {seed}, {}: {remedy:?}", unfilled.session);
                assert_eq!(u32::from(again.filled > plan.filled), remedy.gains, "{told}");
                tried += 1;
                gaining += remedy.gains;
                kinds.insert(remedy.change);
            }
        }
        if tried >= 200 && kinds.len() >= 6 {
            break;
        }
        assert!(seed < 200, "only {tried} remedies of {} kinds found", kinds.len());
    }
    assert!(gaining >= 100, "only {gaining} of {tried} gain a place");
    assert!(tried - gaining >= 10, "only {} of {tried} gain nothing", tried - gaining);
}

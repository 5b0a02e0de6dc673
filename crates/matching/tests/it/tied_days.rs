//! Diaries in which one day ties the next: late sessions, early ones and long rests, over three weeks with hours that
//! are counted. Every plan of such a problem is tried, and the engine finds one as good as the best of them.

use chrono::TimeDelta;
use matching::{Budget, NeverStop, NoProgress, plan_problem};
use matching_check::check;
use matching_model::plan::{Millionths, RuleCode};
use matching_model::problem::{Clinician, Problem, Session, Span};

use crate::brute_force::each_plan;
use crate::planned::best_plan;
use crate::small_world::{at, clinician, practice, session, world};
use crate::tiny_problems::Dice;

const PROBLEMS: u64 = 400;

fn sessions(dice: &mut Dice) -> Vec<Session> {
    // Most of them close to each other, so that they clash; some a week on.
    let begin = 4 + dice.below(3);
    let number = 6 + dice.below(4);
    let one = |number: u64, dice: &mut Dice| {
        let day = begin + dice.below(4) + 7 * u64::from(dice.one_in(4));
        let start = at(day, *dice.pick(&[6, 7, 9, 14, 17, 19]), *dice.pick(&[0, 0, 30]));
        Session {
            start,
            end: start + TimeDelta::minutes(*dice.pick(&[120, 150, 240, 330])),
            priority: *dice.pick(&[1, 1, 1, 2]),
            rate_min: *dice.pick(&[7_000, 8_200, 9_000]),
            ..session(&format!("s{number}"), ["near", "far", "off"][dice.index(3)], day)
        }
    };
    (0..number).map(|number| one(number, dice)).collect()
}

fn person(dice: &mut Dice, id: &str) -> Clinician {
    Clinician {
        available: vec![Span { start: at(2, 0, 0), end: at(20, 0, 0) }],
        rest_minutes: *dice.pick(&[600, 660, 780]),
        max_minutes_per_week: *dice.pick(&[None, Some(390), Some(480), Some(630), Some(900)]),
        max_minutes_per_day: *dice.pick(&[None, Some(300), Some(390), Some(500)]),
        ..clinician(id)
    }
}

fn tied(seed: u64, people: usize) -> Problem {
    let mut dice = Dice::of(seed + 77_000);
    let mut problem = world();
    problem.practices.push(practice("off", 24_000));
    problem.policy.travel_points_per_km = *dice.pick(&[60, 9_000]);
    problem.sessions = sessions(&mut dice);
    problem.clinicians = ["ann", "bob"][..people].iter().map(|id| person(&mut dice, id)).collect();
    if dice.one_in(3) {
        let booked = dice.pick(&problem.sessions).id.clone();
        problem.booked.push(crate::small_world::pairing(&booked, "ann"));
    }
    problem
}

fn best_of_all(problem: &Problem) -> i128 {
    let mut best = i128::MIN;
    each_plan(problem, &mut |plan| best = best.max(check(problem, plan).score));
    best
}

#[test]
fn one_persons_best_diary_is_found_at_once() {
    // A gap of everything is enough: the plan is what one look at the one person gives.
    let at_once = Budget { gap_percent: Some(Millionths(100_000_000)), ..Budget::default() };
    let (mut resting, mut tired_of_weeks, mut tired_of_days) = (0, 0, 0);
    for seed in 0..PROBLEMS {
        let problem = tied(seed, 1);
        let plan = plan_problem(&problem, &at_once, &NeverStop, &NoProgress).expect("plans");
        assert_eq!(check(&problem, &plan).faults, [], "seed {seed}");
        assert_eq!(i128::from(plan.score), best_of_all(&problem), "seed {seed}: there is a better diary");
        let decides = |code: RuleCode| plan.unfilled.iter().any(|open| open.blocked.contains_key(&code));
        resting += u32::from(decides(RuleCode::Rest));
        tired_of_weeks += u32::from(decides(RuleCode::WeeklyHours));
        tired_of_days += u32::from(decides(RuleCode::DailyHours));
    }
    assert!(resting > 100, "rest decides in {resting} problems only");
    assert!(tired_of_weeks > 100, "the hours of a week decide in {tired_of_weeks} problems only");
    assert!(tired_of_days > 30, "the hours of a day decide in {tired_of_days} problems only");
}

#[test]
fn two_peoples_best_plan_is_found_and_proven() {
    for seed in 0..PROBLEMS / 8 {
        let mut problem = tied(seed, 2);
        problem.sessions.truncate(6);
        problem.booked.retain(|pair| problem.sessions.iter().any(|work| work.id == pair.session));
        let plan = best_plan(&problem);
        assert_eq!(check(&problem, &plan).faults, [], "seed {seed}");
        assert_eq!(i128::from(plan.score), best_of_all(&problem), "seed {seed}");
        assert_eq!(plan.score, plan.upper_bound, "seed {seed}: not proven");
    }
}

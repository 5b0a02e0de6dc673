//! Evenings that end at midnight, nights, early mornings, and the two nights in which the clocks change: the engine and
//! the checker read the rules of working days alike, and the engine finds the best of all plans that keep them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use matching::{Budget, NeverStop, NoProgress, plan_problem};
use matching_check::{check, prove};
use matching_model::plan::{Millionths, RuleCode};
use matching_model::problem::{Clinician, Problem, Session, Span};

use crate::brute_force::each_plan;
use crate::planned::best_plan;
use crate::small_world::{ZONE, clinician, date, pairing, practice, session, world};
use crate::tiny_problems::Dice;

const PROBLEMS: u64 = 600;

const RANDOM_PLANS: u64 = 3_000;

const PEOPLE: [&str; 3] = ["ann", "bob", "cai"];

/// The days around which sessions lie: an ordinary week, and the two weekends on which the clocks change.
const FRIDAYS: [&str; 3] = ["2027-01-08", "2027-03-26", "2027-10-29"];

/// Starts in hours and minutes after midnight, and minutes that pass: evenings, nights, early mornings and long days.
const HOURS: [(i64, i64, i64); 12] = [
    (18, 30, 330),
    (22, 0, 480),
    (24, 15, 465),
    (20, 0, 360),
    (25, 30, 450),
    (27, 59, 240),
    (28, 0, 240),
    (9, 0, 480),
    (9, 0, 240),
    (7, 0, 330),
    (14, 0, 600),
    (8, 0, 790),
];

fn start_of(day: NaiveDate, (hour, minute): (i64, i64)) -> chrono::DateTime<chrono::Utc> {
    let days = u64::try_from(hour / 24).expect("no hour before midnight");
    let wall =
        (day + Days::new(days)).and_time(NaiveTime::MIN) + TimeDelta::minutes(60 * (hour % 24) + minute);
    // A time that the clocks skip is the one an hour on.
    let found = ZONE.from_local_datetime(&wall).earliest();
    found
        .or_else(|| ZONE.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest())
        .expect("a time")
        .to_utc()
}

fn sessions(dice: &mut Dice, friday: NaiveDate) -> Vec<Session> {
    let one = |number: u64, dice: &mut Dice| {
        let day = friday + Days::new(dice.below(4));
        let (hour, minute, minutes) = *dice.pick(&HOURS);
        let start = start_of(day, (hour, minute));
        Session {
            start,
            end: start + TimeDelta::minutes(minutes),
            priority: *dice.pick(&[1, 1, 1, 2]),
            rate_min: *dice.pick(&[7_000, 8_200, 9_000]),
            ..session(&format!("s{number}"), ["near", "far", "off"][dice.index(3)], 0)
        }
    };
    (0..6 + dice.below(4)).map(|number| one(number, dice)).collect()
}

fn person(dice: &mut Dice, id: &str, friday: NaiveDate) -> Clinician {
    let ends = |dice: &mut Dice| friday + Days::new(*dice.pick(&[0, 1, 2, 3, 200, 200, 200, 200]));
    let mut person = Clinician {
        available: vec![Span { start: start_of(friday, (0, 0)), end: start_of(friday, (24 * 6, 0)) }],
        rest_minutes: *dice.pick(&[0, 300, 660, 660, 660, 780]),
        max_minutes_per_week: *dice.pick(&[None, None, Some(480), Some(900), Some(1_300)]),
        max_minutes_per_day: *dice.pick(&[None, None, Some(480), Some(600)]),
        cleared_until: Some(ends(dice)),
        ..clinician(id)
    };
    person.competencies.insert("systmone".into(), dice.one_in(3).then(|| ends(dice)));
    person
}

fn around_midnight(seed: u64, people: usize) -> Problem {
    let mut dice = Dice::of(seed + 44_000);
    let friday = date(FRIDAYS[dice.index(3)]);
    let mut problem = world();
    problem.practices.push(practice("off", 24_000));
    problem.policy.travel_points_per_km = *dice.pick(&[60, 9_000]);
    problem.sessions = sessions(&mut dice, friday);
    problem.clinicians = PEOPLE[..people].iter().map(|id| person(&mut dice, id, friday)).collect();
    if dice.one_in(3) {
        let booked = dice.pick(&problem.sessions).id.clone();
        problem.booked.push(pairing(&booked, "ann"));
    }
    problem
}

fn best_of_all(problem: &Problem) -> i128 {
    let mut best = i128::MIN;
    each_plan(problem, &mut |plan| best = best.max(check(problem, plan).score));
    best
}

#[test]
fn one_persons_best_nights_are_found_at_once() {
    let at_once = Budget { gap_percent: Some(Millionths(100_000_000)), ..Budget::default() };
    let (mut resting, mut ending) = (0, 0);
    for seed in 0..PROBLEMS {
        let problem = around_midnight(seed, 1);
        let plan = plan_problem(&problem, &at_once, &NeverStop, &NoProgress).expect("plans");
        assert_eq!(check(&problem, &plan).faults, [], "seed {seed}");
        assert_eq!(i128::from(plan.score), best_of_all(&problem), "seed {seed}: there is a better diary");
        let decides = |code: RuleCode| plan.unfilled.iter().any(|open| open.blocked.contains_key(&code));
        resting += u32::from(decides(RuleCode::Rest));
        ending += u32::from(decides(RuleCode::Clearance) || decides(RuleCode::Competency));
    }
    assert!(resting > 150, "rest decides in {resting} problems only");
    assert!(ending > 150, "a last day decides in {ending} problems only");
}

#[test]
fn two_peoples_best_nights_are_found_and_proven() {
    for seed in 0..PROBLEMS / 6 {
        let mut problem = around_midnight(seed, 2);
        problem.sessions.truncate(6);
        problem.booked.retain(|pair| problem.sessions.iter().any(|work| work.id == pair.session));
        let plan = best_plan(&problem);
        assert_eq!(check(&problem, &plan).faults, [], "seed {seed}");
        let best = best_of_all(&problem);
        assert_eq!(i128::from(plan.score), best, "seed {seed}");
        assert_eq!(plan.score, plan.upper_bound, "seed {seed}: not proven");
        let mut faults = Vec::new();
        let proven = prove(&problem, &plan, &mut faults).expect("prices that can be used");
        assert_eq!(faults, [], "seed {seed}");
        assert!(proven.score >= best, "seed {seed}: prices prove too much");
    }
}

/// Bookings are kept whatever the rules say, so a problem with random bookings is a random plan, mostly unlawful. Round it
/// the engine counts who is kept out of every place that is left, and by which rule; the checker counts again.
#[test]
fn the_engine_and_the_checker_count_the_same_round_thousands_of_random_plans() {
    let few = Budget { iterations: Some(2), ..Budget::default() };
    let mut counted: BTreeMap<RuleCode, u32> = BTreeMap::new();
    for seed in 0..RANDOM_PLANS {
        let mut problem = around_midnight(seed + PROBLEMS, PEOPLE.len());
        let mut dice = Dice::of(seed + 99_000);
        problem.booked.clear();
        for work in &mut problem.sessions {
            work.places = 2;
            if dice.one_in(2) {
                let who = PEOPLE[dice.index(PEOPLE.len())];
                problem.booked.push(pairing(&work.id, who));
            }
        }
        let plan = plan_problem(&problem, &few, &NeverStop, &NoProgress).expect("plans");
        assert_eq!(check(&problem, &plan).faults, [], "seed {seed}");
        for (code, people) in plan.unfilled.iter().flat_map(|open| &open.blocked) {
            *counted.entry(*code).or_default() += people;
        }
    }
    for code in [RuleCode::Rest, RuleCode::Clearance, RuleCode::Competency, RuleCode::DailyHours] {
        assert!(counted[&code] > 500, "{code:?} decides too seldom: {counted:?}");
    }
}

//! The engine and the checker read the rules alike, on random plans with evenings that end at midnight, nights, and both
//! changes of the clocks in them. Most of these plans break a rule, and many only by a minute.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use matching_check::{Fault, check};
use matching_model::plan::{Assignment, BoundProof, Millionths, Plan, RuleCode};
use matching_model::problem::{Problem, Span};

use super::{all_of_pair, of_diary};
use crate::example::chance::Chance;
use crate::index::{ClinicianIx, SessionIx};
use crate::pairs::facts::Facts;
use crate::roster::{Index, Roster};
use crate::sample::week;

const PROBLEMS: u64 = 100;
const PLANS_OF_EACH: usize = 40;

/// Minutes after local midnight at which sessions start, and minutes that pass.
const HOURS: [(i64, i64); 10] = [
    (18 * 60 + 30, 330),
    (22 * 60, 480),
    (24 * 60 + 15, 465),
    (20 * 60, 360),
    (25 * 60 + 30, 450),
    (28 * 60 - 1, 240),
    (28 * 60, 300),
    (9 * 60, 480),
    (8 * 60, 240),
    (7 * 60, 781),
];

/// So many minutes after the first instant of a date in London, which leaves the clock change to the zone.
fn after_midnight(date: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let midnight = date.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(chrono_tz::Europe::London);
    midnight.unwrap().to_utc() + TimeDelta::minutes(minutes)
}

/// Eight sessions over four days from a Friday, and four people for all of them, whose documents end about then.
fn around_midnight(seed: u64) -> Problem {
    let mut chance = Chance::new(seed, 7);
    let friday: NaiveDate = chance.pick(&["2027-01-08", "2027-03-26", "2027-10-29"]).parse().unwrap();
    let mut problem = week(8, 4, seed);
    let role = problem.clinicians[0].role.clone();
    for work in &mut problem.sessions {
        let (start, minutes) = *chance.pick(&HOURS);
        work.start = after_midnight(friday + Days::new(chance.below(4) as u64), start);
        work.end = work.start + TimeDelta::minutes(minutes);
        (work.roles, work.competencies) = (vec![role.clone()], vec!["a".to_owned()]);
    }
    for person in &mut problem.clinicians {
        let ends = |chance: &mut Chance| friday + Days::new(*chance.pick(&[1, 2, 3, 9, 9, 9]));
        person.role.clone_from(&role);
        person.cleared_until = Some(ends(&mut chance));
        person.competencies = BTreeMap::from([("a".to_owned(), Some(ends(&mut chance)))]);
        person.available =
            vec![Span { start: after_midnight(friday, 0), end: after_midnight(friday + Days::new(6), 0) }];
        person.rest_minutes = *chance.pick(&[0, 300, 660, 660, 900]);
        person.max_minutes_per_day = *chance.pick(&[None, None, Some(500), Some(780)]);
        person.max_minutes_per_week = *chance.pick(&[None, None, Some(800), Some(1_200)]);
    }
    problem
}

fn plan_of(problem: &Problem, chance: &mut Chance) -> Plan {
    let mut assignments = Vec::new();
    for session in &problem.sessions {
        if chance.per_mille(500) {
            assignments.push(Assignment {
                session: session.id.clone(),
                clinician: chance.pick(&problem.clinicians).id.clone(),
                rate_pence_per_hour: 0,
                pay_pence: 0,
                road_metres: 0,
                score: 0,
            });
        }
    }
    Plan {
        format: String::new(),
        score: 0,
        upper_bound: 0,
        gap: Millionths(0),
        bound_proof: BoundProof::Prices,
        filled: 0,
        places: 0,
        fill_upper_bound: None,
        assignments,
        unfilled: Vec::new(),
        prices: Vec::new(),
        fill_prices: Vec::new(),
        seconds: Millionths(0),
        engine: String::new(),
        seed: 0,
    }
}

/// What the checker has against pairs, and against whose diaries.
fn checked(problem: &Problem, plan: &Plan) -> (Vec<(String, String, String)>, Vec<String>) {
    let (mut pairs, mut diaries) = (Vec::new(), Vec::new());
    for fault in check(problem, plan).faults {
        match fault {
            Fault::MayNotDo { session, clinician, code } => pairs.push((session, clinician, code.to_owned())),
            Fault::CannotDoBoth { clinician, .. } | Fault::TooManyMinutes { clinician, .. } => {
                diaries.push(clinician);
            }
            _ => {}
        }
    }
    pairs.sort();
    diaries.sort();
    diaries.dedup();
    (pairs, diaries)
}

/// What the engine has against them.
fn refused(problem: &Problem, plan: &Plan) -> (Vec<(String, String, String)>, Vec<String>, u32) {
    let facts = Facts::of(problem);
    let roster = Roster::of(&facts, Index::of(problem, &facts).placed(plan));
    let (mut pairs, mut diaries, mut restless) = (Vec::new(), Vec::new(), 0);
    let code = |code: RuleCode| serde_json::to_value(code).unwrap().as_str().unwrap().to_owned();
    for (clinician, session) in roster.pairs() {
        let (person, work) = (&facts.clinicians[clinician], &facts.sessions[session]);
        let ids: (&str, &str) = (&work.told(problem).id, &person.told(problem).id);
        for rule in all_of_pair(&facts, work, person) {
            pairs.push((ids.0.to_owned(), ids.1.to_owned(), code(rule)));
        }
        let others = others(&roster, clinician, session);
        if let Some(rule) = of_diary(&facts, work, person, &others) {
            diaries.push(ids.1.to_owned());
            restless += u32::from(rule == RuleCode::Rest);
        }
    }
    pairs.sort();
    diaries.sort();
    diaries.dedup();
    (pairs, diaries, restless)
}

fn others(roster: &Roster, clinician: ClinicianIx, session: SessionIx) -> Vec<SessionIx> {
    roster.diary(clinician).iter().copied().filter(|other| *other != session).collect()
}

#[test]
fn the_engine_and_the_checker_refuse_the_same_of_random_plans() {
    let (mut lawful, mut restless, mut ended) = (0, 0, 0);
    for seed in 0..PROBLEMS {
        let problem = around_midnight(seed);
        let mut chance = Chance::new(seed, 8);
        for number in 0..PLANS_OF_EACH {
            let plan = plan_of(&problem, &mut chance);
            let (pairs, diaries, resting) = refused(&problem, &plan);
            assert_eq!(
                checked(&problem, &plan),
                (pairs.clone(), diaries.clone()),
                "seed {seed}, plan {number}"
            );
            lawful += u32::from(diaries.is_empty());
            restless += u32::from(resting > 0);
            ended += u32::from(pairs.iter().any(|(_, _, code)| code == "clearance" || code == "competency"));
        }
    }
    assert!(
        lawful > 300 && restless > 300 && ended > 300,
        "{lawful} lawful, {restless} restless, {ended} ended"
    );
}

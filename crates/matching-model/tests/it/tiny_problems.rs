//! Any number of small random problems for the tests.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use matching_model::policy::Policy;
use matching_model::problem::{Clinician, Problem, Session, Span};

use super::small_world::{ZONE, at, clinician, date, north, pairing, practice, session};

/// Numbers that look random, the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number from zero to less than `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("small")
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }
}

/// A random problem of a few people and sessions in which every rule has something to say: everything is close to
/// the edge of what is allowed.
pub fn tiny(seed: u64) -> Problem {
    let mut dice = Dice::of(seed);
    let practices = vec![practice("p0", 0), practice("p1", 6_000), practice("p2", 25_000)];
    let sessions = (0..3 + dice.below(5)).map(|number| tiny_session(&mut dice, number)).collect::<Vec<_>>();
    let clinicians = (0..=dice.below(4)).map(|number| tiny_clinician(&mut dice, number)).collect::<Vec<_>>();
    let mut problem = Problem {
        timezone: ZONE,
        policy: Policy {
            pay_points_per_pound: *dice.pick(&[100, 100, 100, 3_000, 5_000]),
            travel_points_per_km: *dice.pick(&[60, 60, 20_000]),
            ..Policy::default()
        },
        practices,
        clinicians,
        sessions,
        booked: vec![],
        incumbent: vec![],
    };
    if dice.one_in(4) {
        problem.practices[1].refuses.push("c0".into());
    }
    for _ in 0..dice.below(3) {
        let session = dice.pick(&problem.sessions).clone();
        let pair = pairing(&session.id, &dice.pick(&problem.clinicians).id.clone());
        let full = problem.booked.iter().filter(|other| other.session == pair.session).count();
        if dice.one_in(2) {
            problem.incumbent.push(pair);
        } else if full < session.places as usize && !problem.booked.contains(&pair) {
            problem.booked.push(pair);
        }
    }
    problem.incumbent.sort();
    problem.incumbent.dedup();
    let booked = problem.booked.clone();
    problem.incumbent.retain(|pair| !booked.contains(pair));
    problem
}

fn tiny_session(dice: &mut Dice, number: u64) -> Session {
    // Around a weekend, so that the week changes in between; at all hours, so that some end on another date.
    let day = 5 + dice.below(3);
    let start = at(day, *dice.pick(&[7, 9, 12, 13, 18, 21]), *dice.pick(&[0, 0, 20]));
    let evening = dice.one_in(4);
    Session {
        start,
        end: start + TimeDelta::minutes(*dice.pick(&[90, 180, 240, 300, 600])),
        roles: dice
            .pick(&[vec!["gp"], vec!["gp"], vec!["nurse"], vec!["gp", "nurse"]])
            .iter()
            .map(|r| (*r).into())
            .collect(),
        competencies: dice
            .pick(&[vec![], vec![], vec!["systmone"], vec!["systmone", "coils"]])
            .iter()
            .map(|c| (*c).into())
            .collect(),
        band: if evening { "evening".into() } else { "core".into() },
        rate_min: *dice.pick(&[6_000, 7_500]),
        rate_max: *dice.pick(&[8_250, 8_500, 9_500]),
        places: *dice.pick(&[1, 1, 1, 2]),
        priority: *dice.pick(&[1, 1, 1, 2, 3]),
        // Every problem has somebody.
        open_to: dice.one_in(5).then(|| vec!["c0".into()]),
        ..session(&format!("s{number}"), ["p0", "p1", "p2"][dice.index(3)], day)
    }
}

fn tiny_clinician(dice: &mut Dice, number: u64) -> Clinician {
    let mut competencies = BTreeMap::new();
    for name in ["systmone", "coils"] {
        if !dice.one_in(6) {
            let until = dice.pick(&[None, None, None, Some("2027-01-09"), Some("2027-01-10")]).map(date);
            competencies.insert(name.to_owned(), until);
        }
    }
    let mut available = Vec::new();
    for day in 4..10 {
        match dice.below(5) {
            0 => {}
            1 => available.push(Span { start: at(day, 7, 0), end: at(day, 13, 0) }),
            2 => available.push(Span { start: at(day, 12, 0), end: at(day, 23, 0) }),
            _ => available.push(Span { start: at(day, 6, 0), end: at(day + 1, 4, 0) }),
        }
    }
    let mut rates = BTreeMap::from([("core".to_owned(), *dice.pick(&[6_500, 8_000, 8_250, 8_500]))]);
    if !dice.one_in(3) {
        rates.insert("evening".to_owned(), *dice.pick(&[7_000, 9_500, 9_600]));
    }
    Clinician {
        role: (*dice.pick(&["gp", "gp", "nurse"])).into(),
        competencies,
        cleared_until: if dice.one_in(12) {
            None
        } else {
            Some(date(["2027-01-09", "2027-12-31", "2027-12-31"][dice.index(3)]))
        },
        home: north(*dice.pick(&[0, 3_000, 20_000])),
        max_travel_metres: *dice.pick(&[5_000, 10_000, 30_000, 60_000]),
        rates,
        available,
        max_minutes_per_week: *dice.pick(&[None, Some(240), Some(480), Some(900)]),
        max_minutes_per_day: *dice.pick(&[None, None, Some(300), Some(480)]),
        rest_minutes: *dice.pick(&[0, 600, 660, 840]),
        prefers: if dice.one_in(3) { vec!["p0".into()] } else { vec![] },
        recent_practices: if dice.one_in(3) { vec!["p1".into()] } else { vec![] },
        refuses: if dice.one_in(4) { vec!["p2".into()] } else { vec![] },
        // Every problem has three sessions at least.
        not_again: if dice.one_in(4) { vec!["s1".into()] } else { vec![] },
        fairness_points: *dice.pick(&[0, 0, 1_500]),
        ..clinician(&format!("c{number}"))
    }
}

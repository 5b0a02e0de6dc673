//! The independent checker: does this plan keep every rule and say the truth about itself?
//!
//! It restates every rule of docs/MATCHING.md and shares no code with the engine: its own distances, its own
//! dates, its own index, its own bound. It uses only the plain data of the problem and of the plan, so a
//! mistake in the engine cannot hide here as well. Every plan goes through it before it is stored or printed.
//!
//! ```
//! use matching_check::check;
//! use matching_model::format::{problem_from_slice, read_plan};
//!
//! let problem = problem_from_slice(br#"{ "format": "locumbank.problem/1", "timezone": "Europe/London",
//!   "policy": { "fill_points": 1000000, "pay_points_per_pound": 100, "travel_points_per_km": 60,
//!               "preferred_practice_points": 5000, "continuity_points": 3000, "incumbent_points": 20000 },
//!   "practices": [ { "id": "J81002", "latitude": 50.80, "longitude": -1.99 } ],
//!   "clinicians": [ { "id": "C1", "role": "gp", "cleared_until": "2027-12-31", "rates": { "core": 8000 },
//!                     "home": { "latitude": 50.80, "longitude": -1.98 }, "max_travel_metres": 20000,
//!                     "available": [ ["2027-01-04T07:00:00+00:00", "2027-01-04T19:00:00+00:00"] ] } ],
//!   "sessions": [ { "id": "S1", "practice": "J81002", "roles": ["gp"], "band": "core",
//!                   "start": "2027-01-04T09:00:00+00:00", "end": "2027-01-04T13:00:00+00:00",
//!                   "rate_min": 7000, "rate_max": 9500 } ] }"#)?;
//! // Somebody else's plan, which pays more than was agreed and counts the score of that.
//! let plan = read_plan(
//!     br#"{ "score": 967000, "upper_bound": 967000, "gap": 0, "bound_proof": "prices", "filled": 1, "places": 1,
//!           "assignments": [ { "session": "S1", "clinician": "C1", "rate_pence_per_hour": 8200, "pay_pence": 32800,
//!                              "road_metres": 914, "score": 967000 } ] }"#
//!         .as_slice(),
//! )?;
//! let report = check(&problem, &plan);
//! let first = report.faults[0].to_string();
//! assert_eq!(first, "S1 C1: rate_pence_per_hour is given as 8200, and is 8000");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bound;
mod candidates;
mod claims;
mod diary;
mod facts;
mod judge;
mod pair;
mod reach;
mod remedy;
mod unfilled;

use std::collections::BTreeMap;

use self::facts::{Facts, Points};
use self::reach::Reach;
use matching_model::plan::Plan;
use matching_model::problem::Problem;

pub use self::bound::POINTS_PER_PLACE;
pub use self::candidates::{Candidate, candidates};
pub use self::judge::{Hindrance, Judged, JudgedPair, first_refusal, judge_pairs, judge_session};

/// One thing that is wrong with a plan. The text is one line for a person to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The problem cannot be checked against.
    #[error("the problem cannot be used: {what}")]
    ProblemUnusable {
        /// What is wrong with it.
        what: String,
    },
    /// An assignment names a session or clinician the problem does not have.
    #[error("unknown session or clinician: {session} {clinician}")]
    Unknown {
        /// The session named.
        session: String,
        /// The clinician named.
        clinician: String,
    },
    /// One clinician stands twice in one session.
    #[error("{clinician} stands twice in {session}")]
    Twice {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
    },
    /// A rule of pairs is broken.
    #[error("{clinician} may not do {session}: {code}")]
    MayNotDo {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
        /// The published code of the rule.
        code: &'static str,
    },
    /// A number of an assignment is not what the problem makes it.
    #[error("{session} {clinician}: {field} is given as {told}, and is {right}")]
    WrongNumber {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
        /// The field of the plan file.
        field: &'static str,
        /// What the plan says.
        told: Points,
        /// What it is.
        right: Points,
    },
    /// A booking is not in the plan.
    #[error("the booking of {clinician} in {session} was dropped")]
    BookingDropped {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
    },
    /// A session has more people than places.
    #[error("{session} has {people} clinicians for {places} places")]
    TooManyPeople {
        /// The session.
        session: String,
        /// How many people the plan puts there.
        people: usize,
        /// How many places it has.
        places: usize,
    },
    /// Two sessions of one clinician overlap, or leave too little time for the drive or for rest.
    #[error("{clinician} cannot do both {first} and {second}")]
    CannotDoBoth {
        /// The clinician.
        clinician: String,
        /// The session that starts first.
        first: String,
        /// The other.
        second: String,
    },
    /// A cap on minutes is passed.
    #[error("{clinician} works {minutes} minutes in the {period} of {first}, and at most {cap} are allowed")]
    TooManyMinutes {
        /// The clinician.
        clinician: String,
        /// `week` or `day`.
        period: &'static str,
        /// The first session of that week or day.
        first: String,
        /// Minutes the plan gives them in it.
        minutes: i64,
        /// The most they may work.
        cap: i64,
    },
    /// A number the plan tells of itself is not what its assignments make it.
    #[error("the plan says its {field} is {told}, and it is {right}")]
    WrongTotal {
        /// The field of the plan file.
        field: &'static str,
        /// What the plan says.
        told: String,
        /// What it is.
        right: String,
    },
    /// A bound lies below what the plan itself reaches.
    #[error("the {field} of {told} is below the {reached} the plan itself reaches")]
    BoundTooLow {
        /// The field of the plan file.
        field: &'static str,
        /// What the plan says.
        told: Points,
        /// What the plan reaches.
        reached: Points,
    },
    /// The prices do not prove the bound the plan claims they do.
    #[error("the prices prove only {proven}, and the plan claims a {field} of {told}")]
    NotProven {
        /// The field of the plan file.
        field: &'static str,
        /// What the plan claims.
        told: Points,
        /// What its prices prove.
        proven: Points,
    },
    /// The list of unfilled sessions is wrong about one of them.
    #[error("{session}: {what}")]
    Unfilled {
        /// The session.
        session: String,
        /// What is wrong.
        what: String,
    },
}

/// What checking a plan showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Everything that is wrong, in the plan's order.
    pub faults: Vec<Fault>,
    /// The score the assignments give.
    pub score: Points,
    /// Places the assignments fill.
    pub filled: usize,
    /// Places left over.
    pub places_left: usize,
}

/// What a plan's prices prove by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven {
    /// No plan scores above this.
    pub score: Points,
    /// No plan fills more places than this.
    pub filled: Points,
}

/// A problem made ready to check plans against.
pub struct Checker<'a>(Result<Facts<'a>, Fault>);

impl<'a> Checker<'a> {
    /// Looks at the problem once, which takes longer than to check one plan.
    #[must_use]
    pub fn of(problem: &'a Problem) -> Self {
        Self(Facts::of(problem))
    }

    /// Checks a plan as [`check`] does.
    #[must_use]
    pub fn check(&self, plan: &Plan) -> Report {
        match &self.0 {
            Err(fault) => Report { faults: vec![fault.clone()], score: 0, filled: 0, places_left: 0 },
            Ok(facts) => facts.check(plan),
        }
    }
}

/// Checks a plan against its problem: every rule, every number, everything it says of itself. The bound is
/// taken at its word here, and proven by [`prove`].
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Report {
    Checker::of(problem).check(plan)
}

/// Works out exactly what the plan's prices prove, and adds to `faults` what it claims beyond that. A score
/// bound proven by branching may lie below what prices alone can show, and is not a fault.
pub fn prove(problem: &Problem, plan: &Plan, faults: &mut Vec<Fault>) -> Option<Proven> {
    let facts = match Facts::of(problem) {
        Ok(facts) => facts,
        Err(fault) => {
            faults.push(fault);
            return None;
        }
    };
    let reach = Reach::of(&facts);
    let by_index = |prices: &[matching_model::plan::Price]| -> BTreeMap<usize, Points> {
        prices
            .iter()
            .filter_map(|price| Some((facts.session(&price.session)?, Points::from(price.points))))
            .collect()
    };
    let diaries = facts.diaries(plan);
    let proven = Proven {
        score: bound::score_bound(&facts, &reach, &by_index(&plan.prices), &diaries),
        filled: bound::fill_bound(&facts, &reach, &by_index(&plan.fill_prices), &diaries),
    };
    claims::compare_with_proof(plan, proven, faults);
    Some(proven)
}

//! A matching problem: practices, clinicians, sessions, and what is booked or offered already.
//!
//! The types mirror the file format `locumbank.problem/1` field by field, and the web service makes them from its
//! own records. They may hold anything until [`Problem::validate`] has passed; the engine validates before it plans.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::position::Position;

/// The name of the problem format, the value of its `format` key.
pub const PROBLEM_FORMAT: &str = "locumbank.problem/1";

/// Everything a plan is made from. Lists may come in any order; the order never changes the plan's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The zone in which dates, working days and weeks are counted; a working day begins at 4am.
    pub timezone: Tz,
    /// What the plan is scored by.
    pub policy: Policy,
    /// Places of work.
    pub practices: Vec<Practice>,
    /// People who may be placed.
    pub clinicians: Vec<Clinician>,
    /// Work to be filled.
    pub sessions: Vec<Session>,
    /// Pairs that are kept whatever the rules say; they use up places and time.
    pub booked: Vec<Pairing>,
    /// Pairs of the last plan and offers that are out; they earn `incumbent_points`.
    pub incumbent: Vec<Pairing>,
}

/// A place of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Practice {
    /// Its ODS code.
    pub id: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// Where it is.
    pub position: Position,
    /// Clinicians it doesn't take.
    pub refuses: Vec<String>,
}

/// A person who may be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Clinician {
    /// Their id.
    pub id: String,
    /// The one role they work in.
    pub role: String,
    /// Competencies held, each with the last date on which it is valid, or `None` where it does not expire.
    pub competencies: BTreeMap<String, Option<NaiveDate>>,
    /// The last date on which they may work; `None` for somebody not cleared at all.
    pub cleared_until: Option<NaiveDate>,
    /// Where they set out from.
    pub home: Position,
    /// Road metres they will travel from home at most.
    pub max_travel_metres: i64,
    /// Pence an hour they ask at least, by band; no work in a band that isn't here.
    pub rates: BTreeMap<String, i64>,
    /// Spans of time they offer.
    pub available: Vec<Span>,
    /// Minutes in one ISO week at most.
    pub max_minutes_per_week: Option<i64>,
    /// Minutes in one working day at most.
    pub max_minutes_per_day: Option<i64>,
    /// Minutes between the last session of one working day and the first of a later one, at least; of them at most
    /// eleven hours within the 24 from a working day's first start.
    pub rest_minutes: i64,
    /// Practices they prefer.
    pub prefers: Vec<String>,
    /// Practices where they worked recently.
    pub recent_practices: Vec<String>,
    /// Practices they will not work at.
    pub refuses: Vec<String>,
    /// Sessions they are not to be proposed for again: they gave them back, or others decided so.
    pub not_again: Vec<String>,
    /// Points for each place they get, so that those who have had little come first.
    pub fairness_points: i64,
}

/// A span of time, from `start` to `end`, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it ends; later than `start`.
    pub end: DateTime<Utc>,
}

/// One dated piece of locum work at one practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub practice: String,
    /// Roles that may do it.
    pub roles: Vec<String>,
    /// Competencies it needs, every one of them.
    pub competencies: Vec<String>,
    /// When it begins, a whole minute.
    pub start: DateTime<Utc>,
    /// When it ends, a whole minute, at most 24 hours after its start.
    pub end: DateTime<Utc>,
    /// The band its rate belongs to.
    pub band: String,
    /// Pence an hour it pays at least.
    pub rate_min: i64,
    /// Pence an hour it pays at most.
    pub rate_max: i64,
    /// How many clinicians it needs.
    pub places: u32,
    /// How much it matters, 1 to 1,000.
    pub priority: u32,
    /// Clinicians to whom alone it is open yet; `None` where it is open to everybody.
    pub open_to: Option<Vec<String>>,
}

/// A session and a clinician who are, or may be, together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    /// The session's id.
    pub session: String,
    /// The clinician's id.
    pub clinician: String,
}

impl Session {
    /// How long it lasts, in minutes.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.end - self.start).num_minutes()
    }
}

/// Why a problem cannot be planned: where, what is there, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {value} cannot be used; expected {expected}")]
pub struct ProblemError {
    /// The JSON path of the fault, such as `sessions[3].end`.
    pub path: String,
    /// The value found there, shortened when it is long.
    pub value: String,
    /// What would be right in its place.
    pub expected: String,
}

impl ProblemError {
    /// A fault at `path`, where `value` was found and `expected` would be right.
    #[must_use]
    pub fn new(path: impl Into<String>, value: impl Into<String>, expected: impl Into<String>) -> Self {
        let mut value: String = value.into();
        if value.chars().count() > 80 {
            value = value.chars().take(79).chain(['…']).collect();
        }
        Self { path: path.into(), value, expected: expected.into() }
    }
}

//! Planning: a matching run over a bank's own records, from the rows it reads to the offers it makes.
//!
//! An administrator asks for a plan of some dates. [`prepare`] turns rows into a problem, a child process of this
//! binary plans it ([`jobs`]), an independent checker goes over the plan, and the pages show it for approval. Nothing
//! happens to anybody until a person publishes; and what has moved since then is refused by name ([`moved`]).

pub mod actions;
pub mod by_hand;
pub mod child;
pub mod cost;
pub mod fairness;
pub mod forms;
pub mod jobs;
pub mod likely;
pub mod messages;
pub mod moved;
pub mod pages;
pub mod prepare;
pub mod read;
pub mod remedy;
pub mod runner_up;
pub mod store;
pub mod why;

use chrono::{DateTime, NaiveDate, Utc};

use self::cost::Cost;

use crate::ground::id::{ClinicianId, PlanId, SessionId};
use matching_model::plan::Millionths;

/// A plan covers at most this many days.
pub const MOST_DAYS: i64 = 92;

/// How far a plan has come.
///
/// | from | to | by |
/// |---|---|---|
/// | running | ready, failed | the matching run; failed also by itself, when its workers died |
/// | ready | published | an administrator, when nothing has moved |
/// | running, ready, failed | discarded | an administrator |
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PlanState {
    /// The matching run has been asked for.
    Running,
    /// It can be looked at and published.
    Ready,
    /// The matching run gave no plan.
    Failed,
    /// Its offers are out.
    Published,
    /// It was set aside.
    Discarded,
}

/// A plan, without its pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSummary {
    /// Its id.
    pub id: PlanId,
    /// The first local date.
    pub from_date: NaiveDate,
    /// The last.
    pub until_date: NaiveDate,
    /// How far it has come.
    pub state: PlanState,
    /// The name of who asked for it.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// The name of who published it.
    pub published_by: Option<String>,
    /// When.
    pub published_at: Option<DateTime<Utc>>,
    /// Why the run gave no plan, in a sentence for people.
    pub failure: Option<String>,
    /// What the run came to; none until it is ready.
    pub outcome: Option<Outcome>,
}

/// What a matching run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Sum of the scores of all pairs, in points.
    pub score: i64,
    /// No plan scores more.
    pub upper_bound: i64,
    /// Whether the bound was proven by prices alone, as against branching.
    pub is_proven_by_prices: bool,
    /// Places of the dates.
    pub places: i32,
    /// Places filled, bookings among them.
    pub filled: i32,
    /// No plan fills more, where that is known.
    pub fill_upper_bound: Option<i32>,
    /// Sessions of the dates that were left alone, since a round decides about them.
    pub left_to_round: i32,
    /// What the plan costs; none of plans that were made before this was kept.
    pub cost: Option<Cost>,
    /// How long the run took.
    pub milliseconds: i32,
}

impl Outcome {
    /// How far the plan can be from the best possible, in per cent.
    #[must_use]
    pub fn gap(&self) -> Millionths {
        Millionths::gap_percent(self.score, self.upper_bound)
    }
}

/// A proposed pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The session.
    pub session: SessionId,
    /// The clinician.
    pub clinician: ClinicianId,
}

#[cfg(test)]
mod example;

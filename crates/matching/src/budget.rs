//! How far a run may go, who may end it, and who is told how it stands.

use std::time::Duration;

use matching_model::plan::Millionths;

/// How far a run may go. The default has no limits: the run ends at a proven optimum, or when its [`Stop`] says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// Good enough: the run ends once the gap, in per cent, is no larger.
    pub gap_percent: Option<Millionths>,
    /// Passes over the prices at most. With it, and a [`Stop`] that never says stop, equal runs give equal plans.
    pub iterations: Option<u32>,
    /// Threads to work with; `None` for all the machine has. The plan is the same for any number.
    pub threads: Option<usize>,
    /// Seed of everything that is drawn by lot.
    pub seed: u64,
}

/// Ends a run from outside: a deadline, Ctrl-C. The core has no clock of its own.
pub trait Stop: Sync {
    /// Whether the run has to end now, with the best plan it has.
    fn is_due(&self) -> bool;

    /// Time left before the run has to end, where there is a deadline.
    fn remaining(&self) -> Option<Duration> {
        None
    }
}

/// Never ends a run from outside.
#[derive(Debug, Clone, Copy, Default)]
pub struct NeverStop;

impl Stop for NeverStop {
    fn is_due(&self) -> bool {
        false
    }
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Places filled by the best plan so far, bookings among them.
    pub filled: u64,
    /// Places asked for.
    pub places: u64,
    /// Score of the best plan so far.
    pub score: i64,
    /// The lowest bound so far.
    pub upper_bound: i64,
    /// What the run is doing, in a word or two.
    pub step: &'static str,
}

/// Is told how a run stands, now and then.
pub trait Progress: Sync {
    /// Takes note of how the run stands.
    fn report(&self, standing: &Standing);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn report(&self, _: &Standing) {}
}

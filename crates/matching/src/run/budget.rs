//! How far a run may go, and who is told how it stands.

use matching_model::plan::Millionths;

/// How far a run may go. The default has no limits: the run ends at a proven optimum, or when its [`Stop`](crate::Stop) says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// Good enough: the run ends once the gap, in per cent, is no larger.
    pub gap_percent: Option<Millionths>,
    /// Passes over the prices at most. With it, and a [`Stop`](crate::Stop) that never says stop, equal runs give equal plans.
    pub iterations: Option<u32>,
    /// Threads to work with; `None` for all the machine has. The plan is the same for any number.
    pub threads: Option<usize>,
    /// Seed of everything that is drawn by lot.
    pub seed: u64,
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

//! When a run has to end.

use std::time::Duration;

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

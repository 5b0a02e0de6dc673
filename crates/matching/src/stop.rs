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

    /// Whether it is too late even for what was begun: what has not ended by now is left behind. Only a run that can be
    /// left behind asks ([`Planning`](crate::Planning)).
    fn is_past(&self) -> bool {
        false
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

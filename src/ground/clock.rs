//! The only source of time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Tests hold one that moves only when they say so.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A machine's clock that is wrong by so much, as some machine's always is.
    Ahead(TimeDelta),
    /// Microseconds since 1970, moved by hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// The present instant, to the microsecond, which is what the database keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            Self::System => Utc::now().timestamp_micros(),
            Self::Ahead(by) => (Utc::now() + *by).timestamp_micros(),
            Self::Manual(micros) => micros.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// What a manual clock shows; none for a machine's clock. Where processes on several machines must agree, statements
    /// take this and go by the database's clock otherwise: `coalesce($1, now())`.
    #[must_use]
    pub fn by_hand(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::System | Self::Ahead(_) => None,
            Self::Manual(_) => Some(self.now()),
        }
    }

    /// Moves a manual clock by `step`; the machine's clock is left alone.
    pub fn advance(&self, step: TimeDelta) {
        if let Self::Manual(micros) = self {
            micros.fetch_add(step.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}

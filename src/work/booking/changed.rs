//! What has changed of a session that people are booked in.

use chrono::{DateTime, Utc};

use crate::ground::words::time_span;

/// What has changed of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// What the practice says of it.
    Notes,
    /// Its hours.
    Time {
        /// When it began before.
        from: DateTime<Utc>,
        /// When it ended before.
        until: DateTime<Utc>,
    },
}

impl Changed {
    /// Whether it is about the session's hours.
    #[must_use]
    pub fn is_of_time(&self) -> bool {
        matches!(self, Self::Time { .. })
    }

    /// What has changed, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Notes => "The notes are new; the time and the pay are as they were.".to_owned(),
            Self::Time { from, until } => {
                format!("The time was {} before.", time_span(*from, *until))
            }
        }
    }
}

//! What has changed of a session that people are booked in.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::words::{date_without_weekday, time_span};

/// What has changed of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// What the practice says of it.
    Notes,
    /// Who supervises it.
    Supervisor {
        /// Their name; "" where nobody is named any more.
        name: String,
    },
    /// Its hours.
    Time {
        /// When it began before.
        from: DateTime<Utc>,
        /// When it ended before.
        until: DateTime<Utc>,
    },
    /// Its practice has closed or closes, and another takes its place.
    Place {
        /// The name of the practice that closes.
        before: String,
        /// Its last day.
        last_day: NaiveDate,
        /// The name of the one that takes its place.
        successor: String,
    },
}

impl Changed {
    /// Whether it is about the session's hours.
    #[must_use]
    pub fn is_of_time(&self) -> bool {
        matches!(self, Self::Time { .. })
    }

    /// Whether the session is at another time or place than either side knows.
    #[must_use]
    pub fn is_of_diary(&self) -> bool {
        matches!(self, Self::Time { .. } | Self::Place { .. })
    }

    /// What has changed, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Notes => "The notes are new; the time and the pay are as they were.".to_owned(),
            Self::Supervisor { name } if name.is_empty() => {
                "Nobody is named any more who supervises it; the time and the pay are as they were."
                    .to_owned()
            }
            Self::Supervisor { name } => {
                format!("{name} supervises it on the day; the time and the pay are as they were.")
            }
            Self::Time { from, until } => {
                format!("The time was {} before.", time_span(*from, *until))
            }
            Self::Place { before, last_day, successor } => format!(
                "{successor} takes the place of {before}, whose last day is {}. The time and the pay are as they were.",
                date_without_weekday(*last_day)
            ),
        }
    }

    /// The same for whoever is booked, as the role of that name.
    #[must_use]
    pub fn told_to_clinician(&self, role: &str) -> String {
        let lead = match self {
            Self::Notes | Self::Supervisor { .. } | Self::Time { .. } => {
                format!("The practice has changed a {role} session you are booked for.")
            }
            Self::Place { .. } => format!("A {role} session you are booked for is at another practice now."),
        };
        format!("{lead} {}", self.sentence())
    }
}

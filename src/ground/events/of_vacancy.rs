//! What can happen to a vacancy.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::EventKind;

/// What happened to a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfVacancy {
    /// It was published.
    Published {
        /// Its staff group, by its code.
        staff_group: String,
        /// From when until when it is open.
        span: (DateTime<Utc>, DateTime<Utc>),
    },
    /// It says something else.
    Changed,
    /// It was closed before its time.
    Closed,
    /// What came of it was said: `filled_here` and so on.
    Settled(&'static str),
}

impl OfVacancy {
    /// Of which kind it is.
    pub(super) fn kind(&self) -> EventKind {
        match self {
            Self::Published { .. } => EventKind::VacancyPublished,
            Self::Changed => EventKind::VacancyChanged,
            Self::Closed => EventKind::VacancyClosed,
            Self::Settled(_) => EventKind::VacancySettled,
        }
    }

    /// Its facts.
    pub(super) fn detail(&self) -> Value {
        match self {
            Self::Published { staff_group, span: (opens_at, closes_at) } => {
                json!({ "staff_group": staff_group, "opens_at": opens_at, "closes_at": closes_at })
            }
            Self::Settled(outcome) => json!({ "outcome": outcome }),
            Self::Changed | Self::Closed => json!({}),
        }
    }
}

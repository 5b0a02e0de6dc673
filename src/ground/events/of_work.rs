//! What can be said of work that was done.

use serde_json::{Value, json};

use super::EventKind;

/// What was said of a booking that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfWork {
    /// Its clinician said what they worked: so many minutes, without breaks.
    Said(i64),
    /// Its practice signed it off.
    SignedOff {
        /// Which sign-off of it this is.
        version: i32,
        /// The minutes worked, without breaks; none where its clinician did not attend.
        minutes: Option<i64>,
        /// What is paid for them and beside them.
        pence: i64,
    },
    /// Its clinician asked about the sign-off.
    Queried,
    /// Its practice answered.
    Answered,
}

impl OfWork {
    /// Of which kind it is.
    pub(super) fn kind(self) -> EventKind {
        match self {
            Self::Said(_) => EventKind::WorkSaid,
            Self::SignedOff { .. } => EventKind::WorkSignedOff,
            Self::Queried => EventKind::WorkQueried,
            Self::Answered => EventKind::WorkQueryAnswered,
        }
    }

    /// Its facts.
    pub(super) fn detail(self) -> Value {
        match self {
            Self::Said(minutes) => json!({ "minutes": minutes }),
            Self::SignedOff { version, minutes, pence } => {
                json!({ "version": version, "attended": minutes.is_some(), "minutes": minutes.unwrap_or(0), "pence": pence })
            }
            Self::Queried | Self::Answered => json!({}),
        }
    }
}

//! The change file `locumbank.change/1`: what happened since a plan was made.

use std::io::Read;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::format::fields;
use crate::format::tree::{At, Tree};
use crate::problem::{ProblemError, Session};

/// The name of the change format, the value of its `format` key.
pub const CHANGE_FORMAT: &str = "locumbank.change/1";

/// Why a change file gives no changes.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The file is not JSON of the right shape.
    #[error("reading the change file: {0}")]
    Unreadable(#[source] serde_json::Error),
    /// The file has another format.
    #[error("the change file has the format {format:?}; expected {CHANGE_FORMAT:?}")]
    Format {
        /// What it says.
        format: String,
    },
    /// A session that it adds cannot be planned.
    #[error(transparent)]
    Unfit(ProblemError),
}

/// What happened, and when it was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// When the repair is made; sessions that start soon after are critical.
    pub at: DateTime<Utc>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A clinician gives a session back.
    Cancelled {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
    },
    /// A practice takes a session back.
    Withdrawn {
        /// The session.
        session: String,
    },
    /// A session is new.
    Added {
        /// The session.
        session: Session,
    },
    /// A session is at another time. Those who are booked stay booked.
    Moved {
        /// The session.
        session: String,
        /// When it begins now.
        start: DateTime<Utc>,
        /// When it ends now.
        end: DateTime<Utc>,
    },
    /// A clinician is away, whatever they had agreed to.
    Away {
        /// The clinician.
        clinician: String,
        /// From when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// A session pays within another range.
    Rate {
        /// The session.
        session: String,
        /// Pence an hour it pays at least.
        rate_min: i64,
        /// Pence an hour it pays at most.
        rate_max: i64,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChanges {
    format: String,
    at: DateTime<Utc>,
    events: Vec<RawEvent>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RawEvent {
    Cancelled { session: String, clinician: String },
    Withdrawn { session: String },
    Added { session: Tree },
    Moved { session: String, start: DateTime<Utc>, end: DateTime<Utc> },
    Away { clinician: String, from: DateTime<Utc>, until: DateTime<Utc> },
    Rate { session: String, rate_min: i64, rate_max: i64 },
}

/// Reads a change file.
pub fn read_changes(source: impl Read) -> Result<Changes, ChangeError> {
    let raw: RawChanges = serde_json::from_reader(source).map_err(ChangeError::Unreadable)?;
    if raw.format != CHANGE_FORMAT {
        return Err(ChangeError::Format { format: raw.format });
    }
    let events = raw.events.into_iter().enumerate().map(|(place, event)| event.read(place));
    Ok(Changes { at: raw.at, events: events.collect::<Result<_, _>>()? })
}

impl RawEvent {
    fn read(self, place: usize) -> Result<Event, ChangeError> {
        Ok(match self {
            Self::Cancelled { session, clinician } => Event::Cancelled { session, clinician },
            Self::Withdrawn { session } => Event::Withdrawn { session },
            Self::Added { session } => {
                let events = At::Key(&At::Root, "events");
                let event = At::Index(&events, place);
                let added = At::Key(&event, "added");
                let session = fields::session(session, &At::Key(&added, "session"));
                Event::Added { session: session.map_err(ChangeError::Unfit)? }
            }
            Self::Moved { session, start, end } => Event::Moved { session, start, end },
            Self::Away { clinician, from, until } => Event::Away { clinician, from, until },
            Self::Rate { session, rate_min, rate_max } => Event::Rate { session, rate_min, rate_max },
        })
    }
}

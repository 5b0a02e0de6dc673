//! The pages of the rota.

pub mod list;
pub mod person;

use chrono::{DateTime, Utc};

use crate::ground::id::SessionId;
use crate::ground::words;

/// "Tue 3 Nov, 8:30am to 5pm".
fn when(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> String {
    let date = words::short_date(words::london_date(starts_at));
    format!("{date}, {}", words::time_span(starts_at, ends_at))
}

/// Where an administrator sees who is booked in a session and who could be.
fn session_href(session: SessionId) -> String {
    format!("/unfilled-sessions/{session}")
}

//! Sessions that are released in stages: whom a stage asks is told when it opens, by one email for all that opened to them
//! meanwhile. When a stage opens to everybody, the daily email tells it, unless the session is too near for that.

pub mod jobs;
pub mod messages;

use chrono::TimeDelta;

/// A session that opens to everybody and begins sooner than this is told at once: most people would read tomorrow's daily
/// email too late to ask.
pub const TOLD_AT_ONCE_WITHIN: TimeDelta = TimeDelta::hours(72);

/// Sessions one email tells of at most.
pub const MOST_TOLD: usize = 10;

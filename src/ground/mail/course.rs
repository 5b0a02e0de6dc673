//! What becomes of a mail when it is about to leave.

use chrono::{DateTime, Utc};

use super::Recipient;

/// What becomes of a mail for one of its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// It is sent.
    Now,
    /// It is sent then: it is quiet.
    Later(DateTime<Utc>),
    /// The next daily email has it.
    Digest,
    /// They don't want it.
    Declined,
    /// Their address takes no mail.
    Stopped,
}

/// The recipients a mail still goes to, each with what becomes of it for them.
pub type Courses = Vec<(Recipient, Course)>;

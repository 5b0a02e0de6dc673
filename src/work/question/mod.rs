//! Questions about sessions: a clinician asks, the practice answers, and everybody who sees the session reads both.

pub mod actions;
pub mod forms;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, Utc};

use crate::ground::id::{ClinicianId, QuestionId, SessionId};

/// The most questions of one clinician about one session that wait for an answer.
pub const MOST_WAITING: i64 = 3;

/// A question, with its answer once there is one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The session that it is about.
    #[sqlx(rename = "session_id")]
    pub session: SessionId,
    /// Who asks.
    #[sqlx(rename = "clinician_id")]
    pub clinician: ClinicianId,
    /// What they ask.
    pub words: String,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// How often it was answered; the last answer counts.
    pub answers: i32,
    /// The answer that counts.
    pub answer: Option<String>,
    /// When that was given.
    pub answered_at: Option<DateTime<Utc>>,
}

/// An answer, and how many had been given when its form was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is answered.
    pub words: String,
    /// The answers that its writer knew of.
    pub after: i32,
}

//! Requests: a clinician looks through the sessions that want somebody and asks for one; the practice answers.
//!
//! ```text
//! waiting ──▶ accepted    the practice says yes: the clinician is booked
//!         ──▶ declined    the practice says no, with a reason
//!         ──▶ withdrawn   the clinician takes it back
//!         ──▶ ended       the session wants nobody any more
//!         ──▶ proposed    the round gives it to them; then as from waiting, or ended where nobody confirms in time
//!         ──▶ not_given   the round gives it to somebody else
//! ```
//!
//! A session that is far enough ahead is in a [`round`](crate::work::round): requests for it gather until that closes and
//! are decided together ([`deciding`]), whoever asked sooner. The practice confirms what the round proposes, and only then
//! is anybody booked. All other requests go to the practice at once.
//!
//! Asking is saying yes: none of the clinician's own wishes stands against it, and the rules that protect patients and
//! the law do, when it is asked and again when it is accepted.

pub mod actions;
pub mod deciding;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, Utc};

use crate::ground::events::RequestOf;
use crate::ground::id::{BookingId, ClinicianId, RequestId, RoundId, SessionId};

/// A clinician's asking for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The session.
    pub session: SessionId,
    /// Who asks.
    pub clinician: ClinicianId,
    /// What they say to the practice; empty where they say nothing.
    pub note: String,
    /// When they asked.
    pub requested_at: DateTime<Utc>,
    /// The round that it gathers in, or was decided in.
    pub round: Option<RoundId>,
    /// In a round, which choice of theirs it is: the smaller, the sooner they want it.
    pub choice: i16,
    /// Where it stands.
    pub state: RequestState,
}

impl Request {
    /// What an event says it is about.
    #[must_use]
    pub fn as_subject(&self) -> RequestOf {
        RequestOf { session: self.session, clinician: self.clinician }
    }

    /// Whether it gathers in a round that is not decided, so that nobody answers it yet.
    #[must_use]
    pub fn gathers(&self) -> bool {
        self.state == RequestState::Waiting && self.round.is_some()
    }
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestState {
    /// The practice has not answered, or the round is not decided.
    Waiting,
    /// The round gives it to them, and the practice has not confirmed.
    Proposed,
    /// They are booked.
    Accepted(BookingId),
    /// The practice said no: why, in a sentence without a full stop.
    Declined(String),
    /// The clinician took it back.
    Withdrawn,
    /// The session wants nobody any more, or the practice did not confirm in time: why, in a sentence.
    Ended(String),
    /// The round did not give it to them: why, in a sentence.
    NotGiven(String),
}

impl RequestState {
    /// Whether somebody has yet to answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Proposed)
    }
}

/// Why a practice says no, as the clinician reads it: from a list, because what people write of others can be unkind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineReason {
    /// Somebody else does it.
    SomebodyElse,
    /// Somebody of the practice does it.
    OwnCover,
    /// The practice looks for other experience.
    OtherExperience,
    /// None of these.
    Another,
}

impl DeclineReason {
    /// Every reason, as they are listed.
    pub const ALL: [Self; 4] = [Self::SomebodyElse, Self::OwnCover, Self::OtherExperience, Self::Another];

    /// The name in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SomebodyElse => "somebody_else",
            Self::OwnCover => "own_cover",
            Self::OtherExperience => "other_experience",
            Self::Another => "another",
        }
    }

    /// What both sides read.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::SomebodyElse => "Somebody else is doing the session",
            Self::OwnCover => "The practice covers the session itself",
            Self::OtherExperience => "The practice looks for other experience",
            Self::Another => "Another reason",
        }
    }
}

/// What a practice answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Book them.
    Accept,
    /// Say no.
    Decline(DeclineReason),
}

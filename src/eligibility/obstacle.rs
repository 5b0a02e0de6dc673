//! What stands between a person and a session, with the facts of it. How it is said is a matter of [`super::words`].

use chrono::{DateTime, NaiveDate, Utc};

use super::not_again::Cause;
use crate::people::credential::DocumentEnd;
use crate::people::lookup::Outcome;
use matching_model::plan::RuleCode;

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The session does not take the role of that name, which is theirs.
    WrongRole(String),
    /// They can't show what it needs.
    Lacks(Vec<Lack>),
    /// They were never cleared for the role.
    NotCleared,
    /// Their clearance ends before the session does.
    ClearanceEnds(NaiveDate),
    /// A document that their role needs ends before the session does, or is not recorded.
    DocumentEnds(DocumentEnd),
    /// Their clearance was decided on another number of theirs on the register.
    NumberChanged,
    /// Their register does not have them: what it said, and when it was looked up.
    OffRegister(Outcome, NaiveDate),
    /// The commissioner has published no range for that role, band and date.
    NoRateRange,
    /// The rate is outside what may be paid: the rate, the least and the most, in pence an hour.
    RateOutside(i32, i32, i32),
    /// They ask more than it pays, in pence an hour; or have given no rate for that band.
    Asks(Option<i32>),
    /// The practice has asked the bank not to send them.
    RefusedByPractice,
    /// They do not work at this practice.
    RefusesPractice,
    /// They are not to be proposed for it again; what made it so, where that is known.
    NotAgain(Option<Cause>),
    /// They are booked elsewhere at that time: where, from and until, where that is known.
    DoubleBooked(Option<(String, DateTime<Utc>, DateTime<Utc>)>),
    /// The drive from or to another booking does not fit: where that is, where that is known.
    TooFarBetween(Option<String>),
    /// The bank's hours of rest, so many, would not be kept beside a booking of another working day.
    TooLittleRest(i32),
    /// With another booking of the same working day it would span more than thirteen hours.
    DayTooLong,
    /// The session alone is longer than the thirteen hours that a working day may span.
    SessionTooLong,
    /// Their hours of that week would be passed: the bank's, so many, or their own.
    TooManyHours(i32),
    /// A rule of which there is no more to tell than that it keeps them out.
    Rule(RuleCode),
    /// They do not work with the bank any more.
    NoMember,
    /// The practice is closed by then: its last day.
    PracticeClosed(NaiveDate),
    /// The practice is not open by then: its first day.
    PracticeOpens(NaiveDate),
}

/// Something a session needs that cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is not held. Its name.
    Missing(String),
    /// It ends before the session does. Its name and its last date.
    Ends(String, NaiveDate),
}

impl Obstacle {
    /// The name for programs, logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongRole(_) => "wrong_role",
            Self::Lacks(lacks) if matches!(lacks.first(), Some(Lack::Ends(..))) => "competency_ends",
            Self::Lacks(_) => "competency_missing",
            Self::NotCleared => "not_cleared",
            Self::ClearanceEnds(_) => "clearance_ends",
            Self::DocumentEnds(_) => "document_ends",
            Self::NumberChanged => "number_changed",
            Self::OffRegister(..) => "off_register",
            Self::NoRateRange => "no_rate_range",
            Self::RateOutside(..) => "rate_outside",
            Self::Asks(None) => "no_own_rate",
            Self::Asks(Some(_)) => "asks_more",
            Self::RefusedByPractice => "refused_by_practice",
            Self::RefusesPractice => "refuses_practice",
            Self::NotAgain(_) => "not_again",
            Self::DoubleBooked(_) => "double_booked",
            Self::TooFarBetween(_) => "too_far_between",
            Self::TooLittleRest(_) => "too_little_rest",
            Self::DayTooLong => "day_too_long",
            Self::SessionTooLong => "session_too_long",
            Self::TooManyHours(_) => RuleCode::WeeklyHours.name(),
            Self::Rule(rule) => rule.name(),
            Self::NoMember => "no_member",
            Self::PracticeClosed(_) => "practice_closed",
            Self::PracticeOpens(_) => "practice_opens",
        }
    }
}

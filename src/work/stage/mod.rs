//! Stages: a session is open to some before it is open to others.
//!
//! A session has stages or none. Without any it is open to everybody of the bank who fits, at once. With stages it is open to
//! the audience of each from its moment on, which is set, or lies so many hours before the start and moves with it; a
//! stage that does not keep those before it closes them. The last is open to everybody, and what the session pays stays the
//! same until then. To whom it is open at a moment is one rule, the function `audience_at` of the database: finding
//! sessions, asking for them, offers and plans all go by it. Who has asked or was offered it keeps that.

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod pages;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ground::id::PreferredListId;
use crate::ground::words::{capitalised, moment};

/// To whom a stage is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// People on this list of the practice, or on any of its lists.
    Preferred(Option<PreferredListId>),
    /// People who have worked at the practice by way of the bank.
    WorkedHere,
    /// Everybody of the bank.
    Everybody,
}

impl Audience {
    /// The name in the database and in events.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Preferred(_) => "preferred",
            Self::WorkedHere => "worked_here",
            Self::Everybody => "everybody",
        }
    }

    /// That of a name and a list in the database.
    #[must_use]
    pub fn of_code(code: &str, list: Option<PreferredListId>) -> Self {
        match code {
            "preferred" => Self::Preferred(list),
            "worked_here" => Self::WorkedHere,
            _ => Self::Everybody,
        }
    }
}

/// When a stage opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// At this moment.
    At(DateTime<Utc>),
    /// So many hours before the session starts, as they pass.
    HoursBefore(i32),
}

impl Opens {
    /// The moment, of a session that starts at `starts_at`.
    #[must_use]
    pub fn moment(self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(moment) => moment,
            Self::HoursBefore(hours) => starts_at - TimeDelta::hours(hours.into()),
        }
    }
}

/// A stage that is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewStage {
    /// To whom it is open.
    pub audience: Audience,
    /// When it opens.
    pub opens: Opens,
    /// Whether the stages before it stay open.
    pub keeps_previous: bool,
}

/// A stage of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// To whom it is open.
    pub audience: Audience,
    /// The name of the list, where it is open to one of several.
    pub list_name: String,
    /// Hours before the start at which it opens, where it moves with the session.
    pub hours_before: Option<i32>,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// Whether the stages before it stay open.
    pub keeps_previous: bool,
}

impl Stage {
    /// To whom, in the middle of a sentence to the practice.
    #[must_use]
    pub fn whom(&self) -> String {
        match self.audience {
            Audience::Preferred(None) => "your preferred people".to_owned(),
            Audience::Preferred(Some(_)) => format!("the people on your list {}", self.list_name),
            Audience::WorkedHere => "people who have worked here".to_owned(),
            Audience::Everybody => "everybody of the bank".to_owned(),
        }
    }
}

/// Whether a session with these stages is open to everybody at `now`.
#[must_use]
pub fn is_open_to_all(stages: &[Stage], now: DateTime<Utc>) -> bool {
    stages.is_empty()
        || stages.iter().any(|stage| stage.audience == Audience::Everybody && stage.opens_at <= now)
}

/// To whom a session with these stages is open, and when that changes, a sentence a stage: "Open to your preferred people",
/// "Opens to everybody of the bank on Thursday 5 November 2026, 9am".
#[must_use]
pub fn in_words(stages: &[Stage], now: DateTime<Utc>) -> Vec<String> {
    if is_open_to_all(stages, now) {
        return vec!["Open to everybody of the bank".to_owned()];
    }
    let closed_by = |at: usize| {
        let mut later = stages.iter().skip(at + 1);
        later.find(|later| !later.keeps_previous).map(|later| later.opens_at)
    };
    let said = stages.iter().enumerate().filter_map(|(at, stage)| {
        let closes = closed_by(at).filter(|_| stage.audience != Audience::Everybody);
        if closes.is_some_and(|closes| closes <= now) {
            return None;
        }
        let until = closes.map_or_else(String::new, |closes| format!(", until {}", moment(closes)));
        let begins =
            if stage.opens_at <= now { String::new() } else { format!(" on {}", moment(stage.opens_at)) };
        let verb = if begins.is_empty() { "open to" } else { "opens to" };
        Some(capitalised(&format!("{verb} {}{begins}{until}", stage.whom())))
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Audience, Opens, Stage, in_words, is_open_to_all};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn stages(keeps_previous: bool) -> [Stage; 3] {
        let stage = |audience, opens_at, keeps_previous| Stage {
            audience,
            list_name: String::new(),
            hours_before: None,
            opens_at: at(opens_at),
            keeps_previous,
        };
        [
            stage(Audience::Preferred(None), "2026-11-02T09:00:00Z", true),
            stage(Audience::WorkedHere, "2026-11-04T09:00:00Z", keeps_previous),
            stage(Audience::Everybody, "2026-11-05T09:00:00Z", true),
        ]
    }

    #[test]
    fn what_is_open_and_what_opens_is_said_to_the_minute() {
        let said = in_words(&stages(true), at("2026-11-03T09:00:00Z"));
        assert_eq!(
            said,
            [
                "Open to your preferred people",
                "Opens to people who have worked here on Wednesday 4 November 2026, 9am",
                "Opens to everybody of the bank on Thursday 5 November 2026, 9am",
            ]
        );
        let last_minute = in_words(&stages(false), at("2026-11-04T08:59:59Z"));
        assert_eq!(last_minute[0], "Open to your preferred people, until Wednesday 4 November 2026, 9am");
        let closed = in_words(&stages(false), at("2026-11-04T09:00:00Z"));
        assert_eq!(closed[0], "Open to people who have worked here");
        assert!(!is_open_to_all(&stages(true), at("2026-11-05T08:59:59Z")));
        assert_eq!(in_words(&stages(true), at("2026-11-05T09:00:00Z")), ["Open to everybody of the bank"]);
        assert_eq!(in_words(&[], at("2026-11-05T09:00:00Z")), ["Open to everybody of the bank"]);
    }

    #[test]
    fn hours_before_are_hours_that_pass_over_both_clock_changes() {
        // Monday 26 October 2026, 8:30am, the day after clocks went back; Monday 29 March 2027, after they went forward.
        let before = |starts_at| Opens::HoursBefore(72).moment(at(starts_at));
        assert_eq!(before("2026-10-26T08:30:00Z"), at("2026-10-23T08:30:00Z"), "9:30am by summer time");
        assert_eq!(before("2027-03-29T07:30:00Z"), at("2027-03-26T07:30:00Z"), "7:30am by winter time");
    }
}

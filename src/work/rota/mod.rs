//! The rota: every session of a bank with who works in it, found by date, practice, person and state; and what one
//! clinician has of it.

use chrono::{Days, NaiveDate};

pub mod pages;
pub mod store;

/// How many days of the rota are looked at, as people choose it.
pub const DAYS: [(u64, &str); 5] =
    [(1, "1 day"), (7, "1 week"), (14, "2 weeks"), (28, "4 weeks"), (91, "13 weeks")];

/// Which sessions of the rota are wanted, by what has come of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A place is neither booked nor offered.
    Empty,
    /// An offer waits for its answer.
    Offered,
    /// Somebody is booked.
    Booked,
    /// A booking was cancelled.
    Cancelled,
    /// The practice took it back.
    Withdrawn,
}

impl State {
    /// Every state, in the order in which people choose.
    pub const ALL: [Self; 5] = [Self::Empty, Self::Offered, Self::Booked, Self::Cancelled, Self::Withdrawn];

    /// Its name in addresses and statements.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Offered => "offered",
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Its name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "With an empty place",
            Self::Offered => "With an offer out",
            Self::Booked => "With somebody booked",
            Self::Cancelled => "With a cancelled booking",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// The state of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What is looked for in the rota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The first local date on which sessions start.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
    /// A practice, as it was typed; "" for all of them.
    pub practice: String,
    /// Somebody who is booked or offered it, as they were typed; "" for everybody and nobody.
    pub person: String,
    /// What has come of it; none for whatever has.
    pub state: Option<State>,
}

impl Filter {
    /// The last of so many days from `from` on.
    #[must_use]
    pub fn last_day(from: NaiveDate, days: u64) -> NaiveDate {
        from.checked_add_days(Days::new(days.saturating_sub(1))).unwrap_or(from)
    }
}

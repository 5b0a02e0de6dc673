//! What job seekers look for, and what they find: the open vacancies of every bank, without signing in.

pub mod forms;
pub mod pages;
pub mod posting;
pub mod store;

use crate::hiring::vacancy::hours::FULL_WEEK_MINUTES;
use crate::terms::bank::places::Place;

/// In which order what was found is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The nearest first.
    Nearest,
    /// The newest first.
    Newest,
    /// What closes first.
    Closing,
    /// What pays best, full time.
    BestPaid,
    /// What fits the words best.
    Fitting,
}

impl Order {
    /// Every order, as forms show them, with its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Newest, "Newest first"),
        (Self::Nearest, "Nearest first"),
        (Self::Closing, "Closing soonest first"),
        (Self::BestPaid, "Best paid first"),
        (Self::Fitting, "Best fit of the words first"),
    ];

    /// The name in addresses and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Newest => "newest",
            Self::Closing => "closing",
            Self::BestPaid => "pay",
            Self::Fitting => "fitting",
        }
    }
}

/// How much somebody wants to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoursSought {
    /// Any hours.
    Any,
    /// A full week, or nearly: 35 hours and more.
    FullTime,
    /// Less than that.
    PartTime,
}

/// Minutes a week from which on a post counts as full time: 35 hours, as for national statistics of work in practices.
const FULL_TIME_MINUTES: i32 = 2_100;

impl HoursSought {
    /// Every choice, with its name in addresses and on pages.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Any, "", "Any hours"),
        (Self::FullTime, "full", "Full time"),
        (Self::PartTime, "part", "Part time"),
    ];

    /// The least that the most of a post's minutes may be, and the most that its least may be.
    #[must_use]
    pub fn minutes(self) -> (Option<i32>, Option<i32>) {
        match self {
            Self::Any => (None, None),
            Self::FullTime => (Some(FULL_TIME_MINUTES.min(FULL_WEEK_MINUTES)), None),
            Self::PartTime => (None, Some(FULL_TIME_MINUTES - 1)),
        }
    }
}

/// What somebody looks for. What is none or empty they do not ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Words, as they were typed.
    pub words: String,
    /// A place, as it was typed.
    pub place: String,
    /// Where that is; none where no place was typed or none of that name is known.
    pub found_place: Option<Place>,
    /// Miles from there.
    pub miles: i32,
    /// A role by its code, or `other`.
    pub role: String,
    /// A contract by its code.
    pub contract: String,
    /// The least that full time pays in a year, in pounds.
    pub least_pounds: Option<i64>,
    /// How much.
    pub hours: HoursSought,
    /// In which order.
    pub order: Order,
}

impl Search {
    /// Metres that the place is away at most.
    #[must_use]
    pub fn within_metres(&self) -> i32 {
        i32::try_from(i64::from(self.miles) * 1_609_344 / 1_000).unwrap_or(i32::MAX / 100)
    }

    /// Whether it asks for more than words and a place.
    #[must_use]
    pub fn has_filters(&self) -> bool {
        !self.role.is_empty()
            || !self.contract.is_empty()
            || self.least_pounds.is_some()
            || self.hours != HoursSought::Any
    }

    /// Whether it asks for anything at all.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.words.is_empty() || self.found_place.is_some() || self.has_filters()
    }

    /// What follows `?` in the address of the search.
    #[must_use]
    pub fn query(&self) -> String {
        let (miles, pay) = (self.miles.to_string(), self.least_pounds.map(|pounds| pounds.to_string()));
        let hours =
            HoursSought::ALL.iter().find(|(one, ..)| *one == self.hours).map_or("", |(_, code, _)| code);
        let said = [
            ("words", self.words.as_str()),
            ("place", self.place.as_str()),
            ("miles", if self.place.is_empty() { "" } else { miles.as_str() }),
            ("role", self.role.as_str()),
            ("contract", self.contract.as_str()),
            ("pay", pay.as_deref().unwrap_or_default()),
            ("hours", hours),
            ("order", self.order.code()),
        ];
        let said: Vec<_> = said.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(said).unwrap_or_default()
    }
}

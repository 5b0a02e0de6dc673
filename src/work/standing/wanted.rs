//! Which clinicians a bank administrator looks for.

use chrono::{Days, NaiveDate};

use crate::eligibility::block::DAYS_OF_WARNING;

/// How a clinician stands with their clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everybody.
    Any,
    /// Nothing has been decided.
    Never,
    /// It has ended.
    Ended,
    /// It ends within 30 days.
    EndsSoon,
    /// It goes on.
    Cleared,
    /// Their register has not been looked up for too long, or says something against them.
    Register,
}

impl Standing {
    /// Every one, in the order of the choice.
    pub const ALL: [Self; 6] =
        [Self::Any, Self::Never, Self::Ended, Self::EndsSoon, Self::Cleared, Self::Register];

    /// The name in addresses and statements.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Never => "none",
            Self::Ended => "ended",
            Self::EndsSoon => "soon",
            Self::Cleared => "cleared",
            Self::Register => "register",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "All",
            Self::Never => "Not cleared yet",
            Self::Ended => "Ended",
            Self::EndsSoon => "Ends within 30 days",
            Self::Cleared => "Cleared",
            Self::Register => "Register to be looked up",
        }
    }
}

/// Which clinicians are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What was typed of the name or address, or a registration number; empty for everybody.
    pub search: String,
    /// A role's code, or "".
    pub role: String,
    /// How they stand.
    pub state: Standing,
    /// The date from which standing is judged.
    pub today: NaiveDate,
}

impl Wanted {
    /// The last date that is still soon.
    #[must_use]
    pub fn soon(&self) -> NaiveDate {
        self.today.checked_add_days(Days::new(DAYS_OF_WARNING)).unwrap_or(self.today)
    }
}

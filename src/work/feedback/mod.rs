//! How bookings went: what each of the two sides says, which only the bank reads until both have said it.

pub mod actions;
pub mod forms;
pub mod pages;
pub mod store;

use chrono::{DateTime, Utc};

use crate::work::booking::Side;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Went {
    /// Nothing was left to be wished for.
    VeryWell,
    /// As it should.
    Well,
    /// Something was wrong.
    Badly,
    /// So that the bank should know.
    VeryBadly,
}

impl Went {
    /// Every answer, the best first.
    pub const ALL: [Self; 4] = [Self::VeryWell, Self::Well, Self::Badly, Self::VeryBadly];

    /// The name in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::VeryWell => "very_well",
            Self::Well => "well",
            Self::Badly => "badly",
            Self::VeryBadly => "very_badly",
        }
    }

    /// What people read.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::VeryWell => "Very well",
            Self::Well => "Well",
            Self::Badly => "Badly",
            Self::VeryBadly => "Very badly",
        }
    }
}

/// What one side says of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How it went.
    pub went: Went,
    /// Whether the clinician would work there again, or the practice have them again.
    pub would_again: bool,
    /// In their own words; "" where they add none.
    pub words: String,
}

/// What one side has said, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What.
    pub said: Said,
    /// When.
    pub at: DateTime<Utc>,
}

/// What both sides have said of a booking so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Both {
    /// The practice.
    pub practice: Option<Given>,
    /// The clinician.
    pub clinician: Option<Given>,
}

impl Both {
    /// Whether each reads the other's, and neither changes theirs.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.practice.is_some() && self.clinician.is_some()
    }

    /// What this side has said; the bank says nothing itself.
    #[must_use]
    pub fn of(&self, side: Side) -> Option<&Given> {
        match side {
            Side::Practice => self.practice.as_ref(),
            Side::Clinician => self.clinician.as_ref(),
            Side::Bank => None,
        }
    }

    /// What the other side has said, as far as this one may read it.
    #[must_use]
    pub fn read_by(&self, side: Side) -> Option<&Given> {
        let other = match side {
            Side::Practice => self.clinician.as_ref(),
            Side::Clinician => self.practice.as_ref(),
            Side::Bank => None,
        };
        other.filter(|_| self.is_complete())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Both, Given, Said, Went};
    use crate::work::booking::Side;

    #[test]
    fn each_side_reads_the_other_only_when_both_have_spoken() {
        let said = |words: &str| Said { went: Went::Well, would_again: true, words: words.to_owned() };
        let given = |words: &str| Some(Given { said: said(words), at: DateTime::UNIX_EPOCH });
        let one = Both { practice: given("Kind"), clinician: None };
        assert_eq!((one.is_complete(), one.read_by(Side::Clinician)), (false, None));
        assert_eq!(one.of(Side::Practice), given("Kind").as_ref());
        let both = Both { clinician: given("Busy"), ..one };
        assert_eq!(both.read_by(Side::Clinician), given("Kind").as_ref());
        assert_eq!(both.read_by(Side::Practice), given("Busy").as_ref());
        assert_eq!(both.read_by(Side::Bank), None);
    }
}

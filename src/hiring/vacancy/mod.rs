//! Vacancies: posts that practices advertise, from the draft to what came of them.

pub mod actions;
pub mod advert;
pub mod filled;
pub mod forms;
pub mod hours;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod pay;
pub mod shown;
pub mod store;

use chrono::{DateTime, Utc};

use self::advert::Advert;
use crate::ground::id::{PracticeId, VacancyId};

/// Declares an enum whose values have a code in the database and in forms, and words on pages.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $value:ident $code:literal $words:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $value,)*
        }

        impl $name {
            /// Every one, in the order of forms.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// The name in the database and in forms.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// The words on pages.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $words,)* }
            }

            /// The one of that code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}
pub(in crate::hiring) use named;

named! {
    /// How somebody is taken on.
    Contract {
        /// For good, with a salary.
        Permanent "permanent" "Permanent";
        /// A partner of the practice.
        Partner "partner" "Partner";
        /// For so many months.
        FixedTerm "fixed_term" "Fixed term";
        /// The national scheme that keeps GPs in work.
        Retainer "retainer" "Retainer";
        /// A part post, with sessions of the bank beside it.
        Portfolio "portfolio" "Portfolio, with sessions of the bank";
        /// Sessions of the bank alone.
        BankOnly "bank_only" "Sessions of the bank only";
        /// An apprenticeship.
        Apprenticeship "apprenticeship" "Apprenticeship";
        /// The national scheme for those who come back.
        ReturnToPractice "return_to_practice" "Return to practice";
    }
}

named! {
    /// What came of a vacancy.
    Outcome {
        /// Somebody who found it here.
        FilledHere "filled_here" "Filled by somebody who found it here";
        /// Somebody who found it elsewhere.
        FilledElsewhere "filled_elsewhere" "Filled by somebody who found it elsewhere";
        /// Somebody of the bank.
        FilledFromBank "filled_from_bank" "Filled by a clinician of the bank";
        /// Nobody.
        NotFilled "not_filled" "Not filled";
        /// The practice does not want anybody any more.
        Stopped "stopped" "We stopped looking";
    }
}

named! {
    /// Why nobody was found for a post.
    NotFilled {
        /// Nobody asked.
        NobodyApplied "nobody_applied" "Nobody applied";
        /// Those who asked had not what is essential.
        CriteriaNotMet "criteria_not_met" "Nobody who applied met the essential criteria";
        /// Whoever was wanted did not want to.
        Declined "declined" "Whoever we wanted declined";
        /// They wanted more than it pays.
        Pay "pay" "The pay";
        /// They wanted other hours.
        Hours "hours" "The hours or days";
        /// They could not get there.
        Place "place" "The place";
        /// Something else.
        Other "other" "Another reason";
    }
}

/// Where a vacancy stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody but its practice sees it.
    Draft,
    /// Everybody sees it from this moment on.
    OpensAt(DateTime<Utc>),
    /// Everybody sees it until this moment.
    OpenUntil(DateTime<Utc>),
    /// It closed then, and nobody has said what came of it.
    ClosedAt(DateTime<Utc>),
    /// It is closed, and this came of it.
    Settled(Outcome),
}

/// When a published vacancy was published, and from when until when everybody sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// From when on it is open.
    pub opens_at: DateTime<Utc>,
    /// Until when it says it is open.
    pub closes_at: DateTime<Utc>,
    /// When its practice closed it before that.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Times {
    /// From when on it is closed.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.closed_at.map_or(self.closes_at, |early| early.min(self.closes_at))
    }
}

/// A vacancy of a practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// Its id.
    pub id: VacancyId,
    /// The practice that posted it.
    pub practice: PracticeId,
    /// The number of its version, from 1.
    pub version: i32,
    /// The fields of its form, as they were typed.
    pub typed: Vec<(String, String)>,
    /// What is advertised, and when; none while it is a draft.
    pub published: Option<(Advert, Times)>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Why nobody was found, where nobody was.
    pub not_filled: Option<NotFilled>,
    /// How many of those who applied wait for an answer: all that are neither on the way to their start nor ended.
    pub unanswered: i64,
}

impl Vacancy {
    /// Where it stands at `now`.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        standing(self.published.as_ref().map(|(_, times)| *times), self.outcome, now)
    }
}

/// Where a vacancy of those times and that outcome stands at `now`. A minute that has begun belongs to what it begins: what
/// closes at midday is closed at midday.
#[must_use]
pub fn standing(times: Option<Times>, outcome: Option<Outcome>, now: DateTime<Utc>) -> Standing {
    match (times, outcome) {
        (None, _) => Standing::Draft,
        (Some(_), Some(outcome)) => Standing::Settled(outcome),
        (Some(times), None) if times.end() <= now => Standing::ClosedAt(times.end()),
        (Some(times), None) if now < times.opens_at => Standing::OpensAt(times.opens_at),
        (Some(times), None) => Standing::OpenUntil(times.end()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Contract, Outcome, Standing, Times, standing};

    #[test]
    fn a_vacancy_stands_as_its_times_say_to_the_minute() {
        let now = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let at = |minutes| now + TimeDelta::minutes(minutes);
        let times = |opens, closes, early: Option<i64>| Times {
            opens_at: at(opens),
            closes_at: at(closes),
            closed_at: early.map(at),
        };
        for (times, outcome, expected) in [
            (None, None, Standing::Draft),
            (Some(times(1, 9, None)), None, Standing::OpensAt(at(1))),
            (Some(times(0, 9, None)), None, Standing::OpenUntil(at(9))),
            (Some(times(-9, 1, None)), None, Standing::OpenUntil(at(1))),
            (Some(times(-9, 0, None)), None, Standing::ClosedAt(now)),
            (Some(times(-9, 9, Some(-3))), None, Standing::ClosedAt(at(-3))),
            (Some(times(-9, -5, Some(-3))), None, Standing::ClosedAt(at(-5))),
            (Some(times(5, 9, Some(-3))), None, Standing::ClosedAt(at(-3))),
            (Some(times(-9, -5, None)), Some(Outcome::Stopped), Standing::Settled(Outcome::Stopped)),
        ] {
            assert_eq!(standing(times, outcome, now), expected);
        }
    }

    #[test]
    fn each_word_is_found_by_its_code() {
        assert!(Contract::ALL.iter().all(|one| Contract::of_code(one.code()) == Some(*one)));
        assert!(Outcome::ALL.iter().all(|one| Outcome::of_code(one.code()) == Some(*one)));
        assert_eq!(Contract::of_code("zero_hours"), None);
    }
}

//! Which of a person's own wishes bind.
//!
//! What protects patients and what is the law binds whoever asks: role, competencies, clearance, the rate, one place at a
//! time with the drive between, rest and weekly hours of the bank's own workers, and the practice's refusal. A person's own
//! wishes bind as long as they have not said yes.

use crate::people::clinician::{Clinician, Engagement};
use crate::terms::rules::WorkHours;

/// Which of a person's own wishes bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wishes {
    /// All of them: somebody else has them in mind, and they have not been asked.
    All,
    /// Where they will not work: somebody else says that they agree.
    Refusals,
    /// None: they say yes themselves, or have said it.
    None,
}

/// Hours that bind somebody, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The most in one week.
    pub most_per_week: Option<i64>,
    /// The most in one day.
    pub most_per_day: Option<i64>,
    /// The least between two days.
    pub least_rest: i64,
}

impl Wishes {
    /// Whether it binds where somebody will not work.
    #[must_use]
    pub fn bind_refusals(self) -> bool {
        self != Self::None
    }

    /// The hours that bind somebody: the bank's, which are the law's or stricter, for those it employs, and their own where
    /// their wishes bind.
    #[must_use]
    pub fn hours_of(self, person: &Clinician, bank: WorkHours) -> Hours {
        let (bank_per_week, bank_rest) = match person.engagement {
            Engagement::Employed => (Some(bank.most_minutes_per_week()), bank.least_rest_minutes()),
            Engagement::SelfEmployed => (None, 0),
        };
        match self {
            Self::All => {
                let own_per_week = person.max_minutes_per_week.map(i64::from);
                Hours {
                    most_per_week: own_per_week.into_iter().chain(bank_per_week).min(),
                    most_per_day: person.max_minutes_per_day.map(i64::from),
                    least_rest: person.rest_minutes.max(bank_rest).into(),
                }
            }
            Self::Refusals | Self::None => {
                Hours { most_per_week: bank_per_week, most_per_day: None, least_rest: bank_rest.into() }
            }
        }
    }
}

//! Planning: a matching run over a bank's own records, from the rows it reads to the offers it makes.
//!
//! An administrator asks for a plan of some dates. [`prepare`] turns rows into a problem, a child process of this
//! binary plans it ([`jobs`]), an independent checker goes over the plan, and the pages show it for approval. Nothing
//! happens to anybody until a person publishes; and what has moved since then is refused by name ([`moved`]).

pub mod fairness;
pub mod prepare;
pub mod read;
pub mod store;

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{AccountId, PlanId};
use crate::matching::plan::UnfilledReason;

/// Why places of a session are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EmptyReason {
    /// Nobody besides those placed in it already may do it.
    NoEligibleClinician,
    /// Somebody may, and all of them are booked, worth more elsewhere or out of hours.
    AllEligibleBetterUsed,
    /// Every pair that is left scores zero or less.
    NotWorthFilling,
    /// What the practice pays lies outside the commissioner's range.
    OutsideRateRange,
    /// The commissioner has published no range for this work.
    NoRateRange,
}

impl From<UnfilledReason> for EmptyReason {
    fn from(reason: UnfilledReason) -> Self {
        match reason {
            UnfilledReason::NoEligibleClinician => Self::NoEligibleClinician,
            UnfilledReason::AllEligibleBetterUsed => Self::AllEligibleBetterUsed,
            UnfilledReason::NotWorthFilling => Self::NotWorthFilling,
        }
    }
}

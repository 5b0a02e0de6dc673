//! Everything that decides what one person can be offered, together: what they say of themselves, and what the bank has on
//! record. What of it keeps work from them is a matter of `eligibility`.

#[cfg(test)]
pub(crate) mod examples;
pub mod store;

use crate::people::availability::Availability;
use crate::people::credential::Record;
use crate::terms::rate::RateTable;

/// Days ahead over which availability is looked at: offers are made for about four weeks.
pub const DAYS_LOOKED_AHEAD: u64 = 28;

/// One person with everything that decides what they can be offered.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The person, with what the bank has on record.
    pub record: Record,
    /// When they can work, over the next four weeks at least.
    pub availability: Availability,
    /// The bank's rate ranges.
    pub ranges: RateTable,
    /// How many of the bank's open practices lie within the distance they travel.
    pub practices_within_reach: usize,
}

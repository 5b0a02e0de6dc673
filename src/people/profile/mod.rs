//! Everything that decides what one person can be offered, together: what they say of themselves, what the bank has on
//! record, and what keeps work from them.

pub mod blocks;
pub mod pages;
pub mod store;
pub mod wanted;

use crate::people::availability::Availability;
use crate::people::credential::Record;
use crate::terms::rate::RateTable;

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

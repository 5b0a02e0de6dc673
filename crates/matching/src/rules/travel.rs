//! A clinician has the time to drive from one session to the next.

use super::super::facts::Timing;
use super::super::geography::Roads;

/// Whether the drive fits between the end of one session and the start of the next.
pub(crate) fn allows(earlier: &Timing, later: &Timing, roads: &Roads) -> bool {
    roads.within(earlier.practice, later.practice, later.start - earlier.end)
}

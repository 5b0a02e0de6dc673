//! A clinician has the time to drive from one session to the next.

use crate::pairs::facts::Timing;
use crate::pairs::geography::Roads;

/// Whether the drive fits between the end of one session and the start of the next.
pub(crate) fn allows(earlier: &Timing, later: &Timing, roads: &Roads) -> bool {
    roads.within(earlier.practice, later.practice, later.start - earlier.end)
}

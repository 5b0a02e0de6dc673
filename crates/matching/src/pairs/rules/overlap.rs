//! A clinician is in one session at a time; one may begin when the other ends.

use crate::pairs::facts::Timing;

/// Whether the later session begins no sooner than the earlier one ends.
pub(crate) fn allows(earlier: &Timing, later: &Timing) -> bool {
    earlier.end <= later.start
}

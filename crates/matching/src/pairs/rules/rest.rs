//! A clinician rests between the sessions of one date and those of a later one.

use crate::pairs::facts::Timing;

/// Whether so many minutes of rest fit between two sessions that begin on different local dates.
pub(crate) fn allows(earlier: &Timing, later: &Timing, rest_minutes: i64) -> bool {
    earlier.day == later.day || earlier.end + rest_minutes <= later.start
}

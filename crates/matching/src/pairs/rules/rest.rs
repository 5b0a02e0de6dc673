//! A clinician rests between the work of one working day and that of the next, and the work of one working day leaves
//! rest in the 24 hours from its start.

use crate::pairs::facts::Timing;

const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// No more rest than this is asked of the 24 hours from a day's first start: a day of work spans 13 hours at most.
const MOST_REST_IN_A_DAY_MINUTES: i64 = 11 * 60;

/// Whether so many minutes of rest fit between two sessions of different working days, or are left by the span of two
/// of the same.
pub(crate) fn allows(earlier: &Timing, later: &Timing, rest_minutes: i64) -> bool {
    if earlier.day == later.day {
        leaves_rest(earlier.start, later.end, rest_minutes)
    } else {
        earlier.end + rest_minutes <= later.start
    }
}

/// Whether work of one working day, from its first start to its last end in minutes, leaves so many minutes of rest.
pub(crate) fn leaves_rest(first_start: i64, last_end: i64, rest_minutes: i64) -> bool {
    let kept = rest_minutes.min(MOST_REST_IN_A_DAY_MINUTES);
    kept <= 0 || last_end - first_start <= MINUTES_OF_A_DAY - kept
}

/// Whether a session alone leaves so many minutes of rest.
pub(crate) fn allows_alone(session: &Timing, rest_minutes: i64) -> bool {
    leaves_rest(session.start, session.end, rest_minutes)
}

//! A clinician works no more minutes in one local date than they said.

/// Whether so many more minutes keep within the most of a day, where there is a most.
pub(crate) fn allows(used_minutes: i64, more_minutes: i64, most_minutes: Option<i64>) -> bool {
    most_minutes.is_none_or(|most| used_minutes + more_minutes <= most)
}

//! A clinician works only inside a single span of time that they offer.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether one offered span contains the whole session.
///
/// The spans are in order of start, each with the latest end of any span so far, so the last span that has begun
/// when the session begins knows whether one of those that have begun lasts to its end.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    let begun = clinician.available.partition_point(|(start, _)| *start <= session.timing.start);
    clinician.available[..begun].last().is_some_and(|(_, end)| session.timing.end <= *end)
}

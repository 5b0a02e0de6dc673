//! A clinician works in the session's band, and what they ask, or the session's least rate, is within its most.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether the agreed rate, the higher of what is asked and the session's least, is within the session's most.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    clinician.rate_in(session.band).is_some_and(|asked| asked.max(session.rate_min) <= session.rate_max)
}

//! Nobody is sent where either side has refused the other.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether neither the clinician refuses the practice nor the practice the clinician.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    clinician.refused.binary_search(&session.timing.practice).is_err()
}

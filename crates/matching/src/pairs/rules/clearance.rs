//! A clinician is cleared through the local date on which the session ends.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether the clearance lasts to the session's last day.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    clinician.cleared_until >= session.last_day
}

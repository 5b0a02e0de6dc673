//! A clinician works only in sessions that take their role.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether the clinician's role is among those the session takes.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    session.roles.contains(&clinician.role)
}

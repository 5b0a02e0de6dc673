//! Nobody is proposed again for a session that they gave back, or that others decided they are not to have.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether the clinician may still be proposed for the session.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    !clinician.is_done_with(session)
}

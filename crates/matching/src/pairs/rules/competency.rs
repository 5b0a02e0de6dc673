//! A clinician holds every competency the session needs, valid through the local date on which the session ends.

use crate::pairs::facts::{ClinicianFacts, SessionFacts};

/// Whether every needed competency is held and still valid on the session's last day.
pub(crate) fn allows(session: &SessionFacts, clinician: &ClinicianFacts) -> bool {
    session.needs.iter().all(|need| {
        let held = clinician.holds.binary_search_by_key(need, |(competency, _)| *competency);
        held.is_ok_and(|place| clinician.holds[place].1 >= session.last_day)
    })
}

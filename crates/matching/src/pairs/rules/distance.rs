//! A clinician travels no farther from home than they said.

use crate::pairs::facts::ClinicianFacts;

/// Whether so many road metres from home are within reach.
pub(crate) fn allows(road_metres: i64, clinician: &ClinicianFacts) -> bool {
    road_metres <= clinician.max_travel_metres
}

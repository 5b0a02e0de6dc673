//! What a filled session, a pound, a kilometre and a preference are worth in a plan.

use serde::{Deserialize, Serialize};

/// The weights of a plan's score, all in whole points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Points for filling one place, multiplied by the session's priority.
    pub fill_points: i64,
    /// Points lost for each pound of pay.
    pub pay_points_per_pound: i64,
    /// Points lost for each road kilometre from home.
    pub travel_points_per_km: i64,
    /// Points for a practice the clinician prefers.
    pub preferred_practice_points: i64,
    /// Points for a practice where the clinician worked recently.
    pub continuity_points: i64,
    /// Points for keeping a pair of the last plan, or an offer that is out.
    pub incumbent_points: i64,
}

impl Default for Policy {
    /// The weights a bank starts with: one filled place outweighs every difference of pay and travel.
    fn default() -> Self {
        Self {
            fill_points: 1_000_000,
            pay_points_per_pound: 100,
            travel_points_per_km: 60,
            preferred_practice_points: 5_000,
            continuity_points: 3_000,
            incumbent_points: 20_000,
        }
    }
}

//! The rules of matching, one file a rule.
//!
//! The first seven are about one clinician and one session; the others about what else the clinician does.

pub(crate) mod availability;
pub(crate) mod clearance;
pub(crate) mod competency;
pub(crate) mod daily_hours;
pub(crate) mod distance;
pub(crate) mod overlap;
pub(crate) mod rate;
pub(crate) mod refused;
pub(crate) mod rest;
pub(crate) mod role;
pub(crate) mod travel;
pub(crate) mod weekly_hours;

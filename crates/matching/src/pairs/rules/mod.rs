//! The rules of matching, one file a rule.
//!
//! `overlap`, `travel`, `rest` between days, `weekly_hours` and `daily_hours` are about what else the clinician does; the
//! others about one clinician and one session.

pub(crate) mod availability;
pub(crate) mod clearance;
pub(crate) mod competency;
pub(crate) mod daily_hours;
pub(crate) mod distance;
pub(crate) mod not_again;
pub(crate) mod overlap;
pub(crate) mod rate;
pub(crate) mod refused;
pub(crate) mod rest;
pub(crate) mod role;
pub(crate) mod travel;
pub(crate) mod weekly_hours;

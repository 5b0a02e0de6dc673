//! The bank and its terms: roles, bands, holidays, places, and the commissioner's rate ranges.

pub mod bank;
pub mod rate;

//! The bank and its terms: roles, bands, holidays, places, the commissioner's rate ranges, and what a bank decides for all of
//! it.

pub mod bank;
pub mod catalogue;
pub mod notice;
pub mod rate;
pub mod rules;

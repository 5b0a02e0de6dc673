//! Pages of a bank's rules.

pub mod change;
pub mod overview;

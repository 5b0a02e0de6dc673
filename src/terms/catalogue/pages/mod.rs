//! Pages of a bank's roles and competencies.

pub mod change;
pub mod list;

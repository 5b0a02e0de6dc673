//! Pages, one file each.

pub mod clearance;
pub mod document;
pub mod refuse;

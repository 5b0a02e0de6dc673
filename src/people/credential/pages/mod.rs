//! Pages, one file each.

pub mod clearance;
pub mod document;
pub mod look_up;
pub mod refuse;

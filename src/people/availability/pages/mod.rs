//! Pages, one file each.

pub mod change;
pub mod overview;

//! Pages, one file each.

pub mod practices;
pub mod refusals;

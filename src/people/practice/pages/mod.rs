//! Pages, one file each.

pub mod guide;
pub mod practices;
pub mod refusals;
pub mod trust;

//! Pages, one file each.

pub mod guide;
pub mod practices;
pub mod preferred;
pub mod refusals;
pub mod trust;

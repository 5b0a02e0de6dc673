//! Pages, one file each.

pub mod extras;
pub mod guide;
pub mod practices;
pub mod preferred;
pub mod refusals;
pub mod trust;

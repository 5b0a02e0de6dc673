//! Pages, one file each.

pub mod preferences;

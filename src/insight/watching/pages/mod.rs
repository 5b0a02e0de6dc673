//! Pages, one file each.

pub mod health;
pub mod system;

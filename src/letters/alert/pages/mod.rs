//! Pages, one file each.

pub mod alerts;
pub mod renew;

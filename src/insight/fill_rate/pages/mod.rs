//! Pages, one file each.

pub mod fill_rate;
pub mod unfilled;

//! Pages, one file each.

pub mod booking;
pub mod link;
pub mod list;
pub mod offer;

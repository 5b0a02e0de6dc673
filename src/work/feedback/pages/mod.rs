//! Pages, one file each.

pub mod give;
pub mod list;

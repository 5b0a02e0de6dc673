//! Pages, one file each.

pub mod stop;
pub mod your_email;

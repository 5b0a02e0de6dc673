//! Pages, one file each.

pub mod change;
pub mod list;
pub mod me;
pub mod missing;
pub mod needs;
pub mod waiting;

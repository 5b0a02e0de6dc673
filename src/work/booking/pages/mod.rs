//! Pages, one file each.

mod answered;
pub mod booking;
pub mod cancel_for;
pub mod feed;
pub mod flagged;
pub mod link;
pub mod list;
pub mod offer;

pub use self::answered::{answered, answered_to};

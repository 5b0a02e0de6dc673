//! Pages, one file each.

pub mod approval;
pub mod by_hand;
pub mod plans;
pub mod preview;
pub mod take_back;

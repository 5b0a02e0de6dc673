//! Pages, one file each.

pub mod answers;
pub mod approval;
pub mod by_hand;
pub mod leave_out;
pub mod plans;
pub mod preview;
mod quality;
pub mod take_back;

//! Pages, one file each.

pub mod failed;
pub mod held;
pub mod messages;
pub mod outbox;

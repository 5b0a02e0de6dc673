//! SQL of what was worked.

pub mod keep;
pub mod reminders;
pub mod works;

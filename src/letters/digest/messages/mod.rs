//! What the daily email says.

pub mod digest;

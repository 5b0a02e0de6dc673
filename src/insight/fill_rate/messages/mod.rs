//! What commissioners are told: one folder a message.

pub mod unfilled_weekly;

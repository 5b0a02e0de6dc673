//! What people are told of plans: one folder a message.

pub mod not_chosen;

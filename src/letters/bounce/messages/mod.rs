//! What is written about mail that came back.

pub mod address_stopped;

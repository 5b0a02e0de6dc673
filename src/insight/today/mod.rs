//! What waits for a bank's administrators today, in one place: each thing with how much there is of it and where it is done.

pub mod pages;
pub mod store;

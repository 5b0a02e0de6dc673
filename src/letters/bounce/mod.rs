//! Mail that came back, and readers who complained: what was said is kept, and counted against the address.

pub mod messages;
pub mod read;
pub mod receive;
pub mod store;

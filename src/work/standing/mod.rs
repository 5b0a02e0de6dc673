//! How clinicians stand with the bank: what each says of themselves, what the bank has on record, and what keeps work from
//! them.

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod missing;
pub mod pages;
pub mod store;
pub mod waiting;
pub mod wanted;

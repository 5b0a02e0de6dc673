//! What an operator watches: queues, mail, and whether everything answers.
//!
//! Depths and ages are read from the database when somebody asks; what happened is counted in [`counts`](crate::ground::counts).

pub mod figures;
pub mod pages;
pub mod store;

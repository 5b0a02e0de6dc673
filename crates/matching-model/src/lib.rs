//! What is to be matched and what came of it: problems, plans and changes, and their files.
//!
//! The engine and the checker both read these types and share nothing else. No rule, score or distance stands here,
//! so that a mistake in one of those cannot be made on both sides at once.

pub mod change;
pub mod format;
pub mod plan;
pub mod policy;
pub mod position;
pub mod problem;
mod validate;

pub use plan::Plan;
pub use problem::{Problem, ProblemError};

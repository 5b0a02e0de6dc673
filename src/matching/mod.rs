//! The matching core: who works where, how good that is, what proves it, and why the rest is empty.

mod budget;
pub mod check;
pub mod example;
pub mod format;
mod format_fields;
mod format_locate;
mod format_tree;
pub mod geography;
pub mod plan;
pub mod policy;
pub mod problem;
mod validate;

pub use budget::{Budget, NeverStop, NoProgress, Progress, Standing, Stop};
pub use plan::Plan;
pub use problem::{Problem, ProblemError};

//! The matching core: who works where, how good that is, what proves it, and why the rest is empty.

mod assemble;
mod budget;
pub mod check;
mod construct;
mod decompose;
mod draft;
mod eligibility;
mod engine;
mod exact;
pub mod example;
mod facts;
pub mod format;
mod format_fields;
mod format_locate;
mod format_tree;
pub mod geography;
mod highs;
mod market;
mod network;
mod part;
pub mod plan;
pub mod policy;
mod prices;
pub mod problem;
mod refusal;
mod rules;
mod schedule;
mod schedule_chain;
mod score;
mod unfilled;
mod validate;

pub use budget::{Budget, NeverStop, NoProgress, Progress, Standing, Stop};
pub use engine::plan_problem;
pub use plan::Plan;
pub use problem::{Problem, ProblemError};

//! The matching core: who works where, how good that is, what proves it, and why the rest is empty.

mod assemble;
mod auction;
mod bidding;
mod bottleneck;
mod budget;
mod chains;
mod columns;
mod construct;
mod cuts;
mod decompose;
mod draft;
mod ejection;
mod eligibility;
mod engine;
mod exact;
pub mod example;
pub mod explain;
mod facts;
pub mod fits;
pub mod geography;
mod highs;
mod market;
mod network;
mod outline;
mod part;
mod prices;
mod proof;
mod refusal;
mod regret;
mod relax;
pub mod remedies;
pub mod repair;
mod roster;
mod rules;
#[cfg(test)]
mod sample;
mod schedule;
mod schedule_chain;
mod score;
pub mod simulate;
mod takers;
mod turns;
mod unfilled;

pub use budget::{Budget, NeverStop, NoProgress, Progress, Standing, Stop};
pub use engine::plan_problem;

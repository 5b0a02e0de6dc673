//! The matching core: who works where, how good that is, what proves it, and why the rest is empty.

#[macro_use]
mod index;

mod bound;
pub mod example;
pub mod fits;
mod market;
mod pairs;
mod part;
mod reasons;
pub mod repair;
mod roster;
mod run;
#[cfg(test)]
mod sample;
mod schedule;
mod search;
pub mod simulate;
mod stop;

pub use pairs::geography::road_metres;
pub use reasons::{explain, remedies};
pub use run::budget::{Budget, NoProgress, Progress, Standing};
pub use run::engine::plan_problem;
pub use stop::{NeverStop, Stop};

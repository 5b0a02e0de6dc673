//! A run: its budget, what it does in which order, and the plan that it hands out.

pub(crate) mod assemble;
pub(crate) mod budget;
pub(crate) mod engine;
pub(crate) mod greedy;
pub(crate) mod kept;
pub(crate) mod planning;

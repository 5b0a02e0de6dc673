//! SQL of planning.

pub mod facts;

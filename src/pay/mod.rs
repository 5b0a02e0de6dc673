//! From work done to money paid: what was worked, and what is owed for it.

pub mod worked;

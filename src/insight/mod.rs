//! What was filled and what was not, with its method; and what an operator sees of the service itself.

pub mod fill_rate;
pub mod watching;

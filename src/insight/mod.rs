//! What was filled and what was not, with its method; what waits for a bank's administrators; and what an operator sees of the service itself.

pub mod fill_rate;
pub mod today;
pub mod watching;

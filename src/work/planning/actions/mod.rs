//! What can be done with plans.

pub mod decide;
pub mod publish;
pub mod request;

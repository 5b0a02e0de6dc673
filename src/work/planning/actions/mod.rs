//! What can be done here.

pub mod publish;

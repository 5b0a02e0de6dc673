//! What can be done about clearances and documents.

pub mod clearance;
pub mod document;
pub mod refuse;

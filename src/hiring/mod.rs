//! Posts that practices advertise, and how they are filled.

pub mod application;
pub mod search;
pub mod vacancy;

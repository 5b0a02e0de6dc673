//! The page that names who takes a practice's place.

pub mod name;

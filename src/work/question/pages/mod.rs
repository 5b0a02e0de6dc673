//! Pages, one file a side.

pub mod asking;
pub mod practice;

//! Pages that anybody may read, one file each: how rounds are decided, and one round.

pub mod help;
pub mod one;

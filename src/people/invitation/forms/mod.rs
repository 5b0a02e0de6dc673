//! The forms of inviting and of joining.

pub mod invite;
pub mod join;
pub mod list_file;

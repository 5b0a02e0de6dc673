//! The pages of sessions, all of them for practice managers: the week, one session, posting, withdrawing.

pub mod detail;
pub mod post;
pub mod week;

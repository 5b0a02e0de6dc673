//! The pages of sessions, all of them for practice managers: the week, one session, posting, changing, withdrawing.

pub mod asked;
pub mod bands;
mod calendar_check;
pub mod change;
pub mod confirm;
mod dates;
pub mod detail;
pub mod file;
pub mod holidays;
pub mod post;
pub mod templates;
pub mod time;
pub mod week;
pub mod withdraw;
pub mod withdraw_several;

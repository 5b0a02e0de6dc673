//! What can be done here.

pub mod answer;
pub mod book;
pub mod call_off;
pub mod cancel;
pub mod change;
pub mod chase;
pub mod feed;
pub mod not_again;
pub mod publish;
pub mod remind;
pub mod tell_calendar;
pub mod withdraw;

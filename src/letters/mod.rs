//! What people read by email beside the mails of the work itself: the daily email, alerts, their choices, mail that came back.

pub mod alert;
pub mod bounce;
pub mod digest;
pub mod mail_choice;
pub mod opened;
pub mod stopped_address;

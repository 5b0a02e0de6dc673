//! What alerts write.

pub mod alert_lapsing;
pub mod session_alert;

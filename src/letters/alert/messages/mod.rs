//! What alerts write.

pub mod alert_lapsing;
pub mod session_alert;

use crate::ground::mail::kinds::messages;

messages! {
    SESSION_ALERT session_alert "New sessions near a place of your alerts" Clinician Digestible declinable 5;
    ALERT_LAPSING alert_lapsing "An alert of yours is about to end" Clinician Digestible declinable 7;
}

//! What is written of stages that have opened.

pub mod sessions_opened;

use crate::ground::mail::kinds::messages;

messages! {
    SESSIONS_OPENED sessions_opened "Sessions that open to you before or beside others" Clinician AtOnce declinable 5;
}

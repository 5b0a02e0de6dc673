//! What commissioners are told: one folder a message.

pub mod unfilled_weekly;

use crate::ground::mail::kinds::messages;

messages! {
    UNFILLED_WEEKLY unfilled_weekly "Unfilled sessions of the next two weeks" Commissioner AtOnce declinable 8;
}

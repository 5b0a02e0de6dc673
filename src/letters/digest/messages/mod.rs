//! What the daily email says.

pub mod digest;

use crate::ground::mail::kinds::messages;

messages! {
    DIGEST digest "The daily email, with open sessions that fit you" Clinician AtOnce declinable 7;
}

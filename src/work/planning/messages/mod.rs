//! What people are told of plans: one folder a message.

pub mod not_chosen;

use crate::ground::mail::kinds::messages;

messages! {
    NOT_CHOSEN not_chosen "Sessions that went to others, and why" Clinician Digestible declinable 8;
}

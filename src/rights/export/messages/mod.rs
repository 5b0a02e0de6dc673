//! What people are told about copies of what is held about them: one folder a message.

pub mod copy_ready;

use crate::ground::mail::kinds::messages;

messages! {
    COPY_READY copy_ready "A copy of what is held about you is ready" Everybody AtOnce always 3;
}

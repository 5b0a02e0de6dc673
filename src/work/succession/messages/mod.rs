//! What is written about practices that take another's place.

pub mod practice_succeeded;

use crate::ground::mail::kinds::messages;

messages! {
    PRACTICE_SUCCEEDED practice_succeeded "Your practice takes another’s place" PracticeManager AtOnce always 3;
}

//! What is written about vacancies: one folder a message, with its text and its HTML.

pub mod outcome_asked;

use crate::ground::mail::kinds::messages;

messages! {
    OUTCOME_ASKED outcome_asked "A vacancy has closed: what came of it?" PracticeManager AtOnce declinable 6;
}

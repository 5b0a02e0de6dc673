//! What is written about questions: one folder a message, with its text and its HTML.

pub mod question_answered;
pub mod question_asked;

use crate::eligibility::facts::SessionFacts;
use crate::ground::id::{ClinicianId, QuestionId};
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;
use crate::work::booking::messages::Person;
use crate::work::booking::messages::example::Example;
use crate::work::question::Question;

messages! {
    QUESTION_ASKED question_asked "Somebody asks about a session" PracticeManager AtOnce declinable 3;
    QUESTION_ANSWERED question_answered "A practice answers your question" Clinician AtOnce declinable 3;
}

/// What a message's templates are given.
#[derive(Debug, Clone)]
struct Letter {
    bank_name: String,
    /// Whom it addresses, or "" for the people of a practice.
    name: String,
    /// Who asks.
    asker: String,
    /// What is listed: name and value.
    facts: Vec<(&'static str, String)>,
    /// Where to go.
    link: String,
}

/// A question about the specimen's session, with what its mails need.
fn example(specimen: &Specimen) -> (Question, SessionFacts, Person, Vec<Person>) {
    let Example { session, clinician, practice, .. } = Example::of(specimen);
    let question = Question {
        id: QuestionId::new(),
        session: session.id,
        clinician: ClinicianId::new(),
        words: specimen.note.clone(),
        asked_at: specimen.now,
        answers: 0,
        answer: None,
        answered_at: None,
    };
    (question, session, clinician, practice)
}

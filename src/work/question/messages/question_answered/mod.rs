//! To a clinician: the practice has answered their question.

use super::{Letter, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::question::{Answer, Question};

bodies!(Letter "work/question/messages/question_answered/text.txt" "work/question/messages/question_answered/message.html");

/// The mail, one for each answer. It is of no use once the session begins.
pub fn mail(
    question: &Question,
    answer: &Answer,
    session: &SessionFacts,
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut facts = vec![("You asked", question.words.clone()), ("Answer", answer.words.clone())];
    facts.extend(words.facts());
    let letter = Letter {
        bank_name: words.bank_name.clone(),
        name: to.name.clone(),
        asker: String::new(),
        facts,
        link: format!("{}/questions/{}", letterhead.base_url, session.id),
    };
    let subject = format!("Answered: {}", words.when_and_where);
    let key = format!("{}/{}", question.id, answer.after + 1);
    let to = vec![to.to.clone()];
    let mail = NewMail::new(session.bank, &super::QUESTION_ANSWERED, key, to, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (question, session, asker, _) = example(specimen);
    let answer = Answer { words: specimen.note.clone(), after: 0 };
    mail(&question, &answer, &session, &asker, &specimen.letterhead)
}

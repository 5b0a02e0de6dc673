//! To the people of a practice: a clinician asks about a session of theirs.

use super::{Letter, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::question::Question;

bodies!(Letter "work/question/messages/question_asked/text.txt" "work/question/messages/question_asked/message.html");

/// The mail. It is of no use once the session begins.
pub fn mail(
    question: &Question,
    session: &SessionFacts,
    (asker, practice): (&Person, &[Person]),
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut facts = vec![("Question", question.words.clone())];
    facts.extend(words.facts());
    let letter = Letter {
        bank_name: words.bank_name.clone(),
        name: String::new(),
        asker: asker.name.clone(),
        facts,
        link: format!("{}/answers/{}", letterhead.base_url, question.id),
    };
    let subject = format!("A question: {}", words.when_and_where);
    let to = practice.iter().map(|person| person.to.clone()).collect();
    let key = question.id.to_string();
    let mail = NewMail::new(session.bank, &super::QUESTION_ASKED, key, to, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (question, session, asker, practice) = example(specimen);
    mail(&question, &session, (&asker, &practice), &specimen.letterhead)
}

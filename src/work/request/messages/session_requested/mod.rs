//! To the people of a practice: a clinician asks for a session of theirs.

use super::{Letter, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::messages::{Person, SessionWords, pay_words};
use crate::work::request::{Request, RequestState};

bodies!(Letter "work/request/messages/session_requested/text.txt" "work/request/messages/session_requested/message.html");

/// The mail, with what they would be paid: pence an hour and in all. It is of no use once the session begins.
pub fn mail(
    request: &Request,
    session: &SessionFacts,
    (asker, practice): (&Person, &[Person]),
    (rate, pay): (i32, i32),
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, asker);
    letter.facts.push(("Pay", pay_words(rate, pay)));
    if !request.note.is_empty() {
        letter.facts.push(("They say", request.note.clone()));
    }
    letter.link = format!("{}/requests/{}", letterhead.base_url, request.id);
    let subject = format!("Asked for: {}: {}, {}", words.when_and_where, letter.clinician, letter.role);
    let to = practice.iter().map(|person| person.to.clone()).collect();
    let key = request.id.to_string();
    let mail = NewMail::new(session.bank, &super::SESSION_REQUESTED, key, to, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (request, session, asker, practice) = example(specimen, RequestState::Waiting);
    mail(&request, &session, (&asker, &practice), (8_800, 36_667), &specimen.letterhead)
}

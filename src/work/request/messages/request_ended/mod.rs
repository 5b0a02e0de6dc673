//! To a clinician: a session that they asked for wants nobody any more.

use super::{Letter, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::{Request, RequestState};

bodies!(Letter "work/request/messages/request_ended/text.txt" "work/request/messages/request_ended/message.html");

/// The mail, with why as the request has it.
pub fn mail(
    request: &Request,
    session: &SessionFacts,
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to);
    letter.name.clone_from(&to.name);
    if let RequestState::Ended(reason) = &request.state {
        letter.reason.clone_from(reason);
    }
    letter.link = format!("{}/find-sessions", letterhead.base_url);
    let subject = format!(
        "Not available any more: {}: the {} session you asked for",
        words.when_and_where, letter.role
    );
    let (key, to) = (request.id.to_string(), vec![to.to.clone()]);
    Ok(NewMail::new(session.bank, &super::REQUEST_ENDED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let ended = RequestState::Ended("The session has been filled.".to_owned());
    let (request, session, asker, _) = example(specimen, ended);
    mail(&request, &session, &asker, &specimen.letterhead)
}

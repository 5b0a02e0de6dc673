//! To a clinician: the practice says no to their request.

use super::{Letter, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::{DeclineReason, Request, RequestState};

bodies!(Letter "work/request/messages/request_declined/text.txt" "work/request/messages/request_declined/message.html");

/// The mail, with the reason.
pub fn mail(
    request: &Request,
    session: &SessionFacts,
    to: &Person,
    reason: DeclineReason,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to);
    letter.name.clone_from(&to.name);
    letter.facts.insert(0, ("Reason", reason.text().to_owned()));
    letter.link = format!("{}/find-sessions", letterhead.base_url);
    let subject = format!("Declined: {}: the {} session you asked for", words.when_and_where, letter.role);
    let (key, to) = (request.id.to_string(), vec![to.to.clone()]);
    Ok(NewMail::new(session.bank, &super::REQUEST_DECLINED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let reason = DeclineReason::OwnCover;
    let (request, session, asker, _) = example(specimen, RequestState::Declined(reason.text().to_owned()));
    mail(&request, &session, &asker, reason, &specimen.letterhead)
}

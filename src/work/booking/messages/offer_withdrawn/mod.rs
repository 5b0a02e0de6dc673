//! To a clinician: an open offer of theirs is taken back.

use super::example::Example;
use super::{Letter, Person, SessionWords, mail_of_offer};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies};
use crate::work::booking::offer::Offer;

bodies!(Letter "work/booking/messages/offer_withdrawn/text.txt" "work/booking/messages/offer_withdrawn/message.html");

/// The mail that takes an open offer back. `reason` is a sentence.
pub fn mail(
    offer: &Offer,
    session: &SessionFacts,
    to: &Person,
    reason: &str,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to);
    letter.name.clone_from(&to.name);
    reason.clone_into(&mut letter.reason);
    let subject = format!("{}: {} session no longer offered to you", words.when_and_where, letter.role);
    Ok(mail_of_offer(&super::OFFER_WITHDRAWN, (offer, session, to), subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    mail(&example.offer, &example.session, &example.clinician, &specimen.reason)
}

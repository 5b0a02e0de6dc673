//! To a clinician: the time to answer an offer of theirs has run out.

use super::example::Example;
use super::{Letter, Person, SessionWords, mail_of_offer};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::moment;
use crate::work::booking::offer::Offer;

bodies!(Letter "work/booking/messages/offer_lapsed/text.txt" "work/booking/messages/offer_lapsed/message.html");

/// The mail that says so, with the way to keep offers from coming that don't suit.
pub fn mail(
    offer: &Offer,
    session: &SessionFacts,
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let mut letter = Letter::about(&words, to);
    letter.name.clone_from(&to.name);
    letter.answer_by = moment(offer.expires_at);
    letter.link = format!("{}/availability", letterhead.base_url);
    let subject =
        format!("{}: the offer of this {} session to you has lapsed", words.when_and_where, letter.role);
    Ok(mail_of_offer(&super::OFFER_LAPSED, (offer, session, to), subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    mail(&example.offer, &example.session, &example.clinician, &specimen.letterhead)
}

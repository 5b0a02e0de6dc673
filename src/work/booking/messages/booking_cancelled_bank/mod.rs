//! To the bank's administrators: a session has lost somebody and wants somebody else.

use super::example::Example;
use super::told::Told;
use super::{Hope, Letter, Person, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::work::booking::Side;

/// What whoever cancelled said, and what can be hoped for the session.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Who cancelled.
    pub side: Side,
    /// Why, as both sides read it.
    pub reason: &'a str,
    /// Their own words, for the bank alone; empty where they wrote none.
    pub note: &'a str,
    /// What can be hoped.
    pub hope: Hope,
}

bodies!(Letter "work/booking/messages/booking_cancelled_bank/text.txt" "work/booking/messages/booking_cancelled_bank/message.html");

/// The mail, of use until the session starts.
pub fn mail(
    told: &Told<'_>,
    to: &[Person],
    said: &Said<'_>,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told
        .letter_to_practice(letterhead)
        .with_fact("Cancellation fee", told.fallen_due())
        .with_fact("In their own words", said.note);
    letter.side = match said.side {
        Side::Clinician => "the clinician",
        side => side.text(),
    };
    said.reason.clone_into(&mut letter.reason);
    letter.hope = said.hope.for_the_bank();
    letter.link = format!("{}/unfilled-sessions/{}", letterhead.base_url, told.session.id);
    let subject = format!("Somebody is needed: {}: {}", words.when_and_where, letter.role);
    let to = to.iter().map(|person| person.to.clone()).collect();
    let mail = told.mail(&super::BOOKING_CANCELLED_BANK, to, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(told.session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen).cancelled(Side::Clinician, "Something came up at short notice");
    let said = Said {
        side: Side::Clinician,
        reason: "Something came up at short notice",
        note: &specimen.reason,
        hope: Hope::ByHandAlone,
    };
    mail(&example.told(), &example.practice, &said, &specimen.letterhead)
}

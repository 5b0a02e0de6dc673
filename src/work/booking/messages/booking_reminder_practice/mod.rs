//! To the people of a practice: a session somebody is booked for is two days away.

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};

bodies!(Letter "work/booking/messages/booking_reminder_practice/text.txt" "work/booking/messages/booking_reminder_practice/message.html");

/// The mail that reminds, until the session starts.
pub fn mail(told: &Told<'_>, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let letter = told.letter_to_practice(letterhead);
    let subject = format!("Reminder: {}: {}, {}", words.when_and_where, letter.clinician, letter.role);
    let mail = told.mail_to_practice(&super::BOOKING_REMINDER_PRACTICE, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(told.session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Example::of(specimen).told(), &specimen.letterhead)
}

//! To a clinician: a session they are booked for is two days away.

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};

bodies!(Letter "work/booking/messages/booking_reminder_clinician/text.txt" "work/booking/messages/booking_reminder_clinician/message.html");

/// The mail that reminds, until the session starts.
pub fn mail(told: &Told<'_>, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let letter = told
        .letter_to_clinician(letterhead)
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    let subject = format!("Reminder: {}: your {} session", words.when_and_where, letter.role);
    let mail = told.mail_to_clinician(&super::BOOKING_REMINDER_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(told.session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Example::of(specimen).told(), &specimen.letterhead)
}

//! To a clinician: they are booked.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::ground::words::rate_an_hour;

bodies!(Letter "work/booking/messages/booking_confirmed_clinician/text.txt" "work/booking/messages/booking_confirmed_clinician/message.html");

/// The mail, with the entry for the clinician's calendar.
pub fn mail(told: &Told<'_>, letterhead: &Letterhead, now: DateTime<Utc>) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let letter = told
        .letter_to_clinician(letterhead)
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    let rate = rate_an_hour(i64::from(told.booking.rate_pence_per_hour));
    let subject = format!("Booked: {}: {} session, {rate}", words.when_and_where, letter.role);
    let calendar = told.clinicians_calendar(CalendarMethod::Request, &letter, letterhead, now);
    let mail = told.mail_to_clinician(&super::BOOKING_CONFIRMED_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Example::of(specimen).told(), &specimen.letterhead, specimen.now)
}

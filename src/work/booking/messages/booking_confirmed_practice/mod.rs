//! To the people of a practice: somebody is booked.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};

bodies!(Letter "work/booking/messages/booking_confirmed_practice/text.txt" "work/booking/messages/booking_confirmed_practice/message.html");

/// The mail, with the entry for the practice's calendar.
pub fn mail(told: &Told<'_>, letterhead: &Letterhead, now: DateTime<Utc>) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let letter = told.letter_to_practice(letterhead).with_fact("If you cancel", told.cancelling_costs());
    let subject = format!("Booked: {}: {}, {}", words.when_and_where, letter.clinician, letter.role);
    let calendar = told.practices_calendar(CalendarMethod::Request, &letter, letterhead, now);
    let mail = told.mail_to_practice(&super::BOOKING_CONFIRMED_PRACTICE, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Example::of(specimen).told(), &specimen.letterhead, specimen.now)
}

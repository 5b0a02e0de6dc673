//! To a clinician: a session they are booked for has changed.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::work::booking::changed::Changed;

bodies!(Letter "work/booking/messages/booking_changed_clinician/text.txt" "work/booking/messages/booking_changed_clinician/message.html");

/// The mail, with the entry that updates the clinician's calendar.
pub fn mail(
    told: &Told<'_>,
    letterhead: &Letterhead,
    changed: &Changed,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told
        .letter_to_clinician(letterhead)
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    letter.reason = changed.told_to_clinician(&letter.role);
    let subject = format!("Changed: {}: your {} session", words.when_and_where, letter.role);
    let calendar = told.clinicians_calendar(CalendarMethod::Request, &letter, letterhead, now);
    let mail = told.mail_to_clinician(&super::BOOKING_CHANGED_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), dedup_key: told.change_key(), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen).told_again();
    mail(&example.told(), &specimen.letterhead, &example.moved(), specimen.now)
}

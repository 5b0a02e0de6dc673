//! To the people of a practice: the time or the place of a session has changed in which somebody is booked.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::work::booking::changed::Changed;

bodies!(Letter "work/booking/messages/booking_changed_practice/text.txt" "work/booking/messages/booking_changed_practice/message.html");

/// The mail, with the entry that updates the practice's calendar.
pub fn mail(
    told: &Told<'_>,
    letterhead: &Letterhead,
    changed: &Changed,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told.letter_to_practice(letterhead);
    letter.reason = changed.sentence();
    let subject = format!("Changed: {}: {}, {}", words.when_and_where, letter.clinician, letter.role);
    let calendar = told.practices_calendar(CalendarMethod::Request, &letter, letterhead, now);
    let mail = told.mail_to_practice(&super::BOOKING_CHANGED_PRACTICE, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), dedup_key: told.change_key(), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen).told_again();
    mail(&example.told(), &specimen.letterhead, &example.moved(), specimen.now)
}

//! To a clinician: a booking of theirs no longer counts.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::work::booking::Side;

bodies!(Letter "work/booking/messages/booking_cancelled_clinician/text.txt" "work/booking/messages/booking_cancelled_clinician/message.html");

/// The mail, with the entry that takes it out of the clinician's calendar. `reason` is in the words of that side.
pub fn mail(
    told: &Told<'_>,
    letterhead: &Letterhead,
    (side, reason): (Side, &str),
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told.letter_to_clinician(letterhead).with_fact("Cancellation fee", told.fallen_due());
    letter.side = if side == Side::Clinician { "you" } else { side.text() };
    reason.clone_into(&mut letter.reason);
    let subject = format!("Cancelled by {}: {}: {} session", letter.side, words.when_and_where, letter.role);
    let calendar = told.clinicians_calendar(CalendarMethod::Cancel, &letter, letterhead, now);
    let mail = told.mail_to_clinician(&super::BOOKING_CANCELLED_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let said = (Side::Practice, specimen.reason.as_str());
    let example = Example::of(specimen).cancelled(Side::Practice, &specimen.reason);
    mail(&example.told(), &specimen.letterhead, said, specimen.now)
}

//! To the people of a practice: a booking of theirs no longer counts.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Hope, Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::work::booking::Side;

bodies!(Letter "work/booking/messages/booking_cancelled_practice/text.txt" "work/booking/messages/booking_cancelled_practice/message.html");

/// The mail, with the entry that takes it out of the practice's calendar. `reason` is in the words of that side.
pub fn mail(
    told: &Told<'_>,
    letterhead: &Letterhead,
    (side, reason): (Side, &str),
    hope: Option<Hope>,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told.letter_to_practice(letterhead).with_fact("Cancellation fee", told.fallen_due());
    letter.side = side.text();
    reason.clone_into(&mut letter.reason);
    letter.hope = hope.map_or("", Hope::for_the_practice);
    let subject = format!(
        "Cancelled by {}: {}: {}, {}",
        letter.side, words.when_and_where, letter.clinician, letter.role
    );
    let calendar = told.practices_calendar(CalendarMethod::Cancel, &letter, letterhead, now);
    let mail = told.mail_to_practice(&super::BOOKING_CANCELLED_PRACTICE, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let said = (Side::Practice, specimen.reason.as_str());
    let hope = Some(Hope::Offers);
    let example = Example::of(specimen).cancelled(Side::Practice, &specimen.reason);
    mail(&example.told(), &specimen.letterhead, said, hope, specimen.now)
}

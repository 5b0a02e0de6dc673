//! To a clinician: the calendar has changed, and a booking stays as it was agreed.

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::terms::bank::Band;

bodies!(Letter "work/booking/messages/calendar_changed_clinician/text.txt" "work/booking/messages/calendar_changed_clinician/message.html");

/// The mail, of a session that was agreed in one band and falls in another now.
pub fn mail(
    told: &Told<'_>,
    (from, to): (Band, Band),
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let mut letter = told.letter_to_clinician(letterhead);
    let (from, to) = (from.within_a_sentence(), to.within_a_sentence());
    letter.reason = format!("It was agreed as {from} and falls in {to} now.");
    let subject =
        format!("{}: your booking stays as agreed, and its day counts as {} now", words.when_and_where, to);
    let mail = told.mail_to_clinician(&super::CALENDAR_CHANGED_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail {
        dedup_key: format!("{} {to}", told.booking.id),
        not_after: Some(told.session.starts_at),
        ..mail
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let bands = (Band::Core, Band::SundayOrBankHoliday);
    mail(&Example::of(specimen).told(), bands, &specimen.letterhead)
}

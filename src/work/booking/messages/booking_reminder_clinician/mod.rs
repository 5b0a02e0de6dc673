//! To a clinician: sessions they are booked for are two days away.

use super::example::Example;
use super::told::Told;
use super::{Letters, SessionWords, dates_of, key_of_several};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::in_sentence;

bodies!(Letters "work/booking/messages/booking_reminder_clinician/text.txt" "work/booking/messages/booking_reminder_clinician/message.html");

/// The mail that reminds somebody of a booking, and of `others` of theirs at about that time, until the last of the
/// sessions starts.
pub fn mail(one: &Told<'_>, others: &[&Told<'_>], letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let mut bookings: Vec<&Told<'_>> = std::iter::once(one).chain(others.iter().copied()).collect();
    bookings.sort_by_key(|told| (told.session.starts_at, told.booking.id));
    let letter = |told: &&Told<'_>| {
        let words = SessionWords::of(told.session);
        let letter = told.letter_to_clinician(letterhead);
        (told.booking.id.0, letter.with_fact("Needs", words.needs).with_fact("Notes", words.notes))
    };
    let letters = Letters::while_true(bookings.iter().map(letter).collect());
    let first = bookings.first().copied().unwrap_or(one);
    let kind = &super::BOOKING_REMINDER_CLINICIAN;
    let (bodies, not_after) = (render(&letters)?, bookings.last().map(|told| told.session.starts_at));
    if letters.is_one() {
        let when_and_where = SessionWords::of(first.session).when_and_where;
        let role = in_sentence(&first.clinician.role);
        let subject = format!("Reminder: {when_and_where}: your {role} session");
        return Ok(NewMail { not_after, ..first.mail_to_clinician(kind, subject, bodies) });
    }
    let subject = format!(
        "Reminder: your sessions on {}",
        dates_of(bookings.iter().map(|told| told.session.starts_at))
    );
    let (key, to) = (key_of_several(first.booking.id.0, first.clinician), vec![first.clinician.to.clone()]);
    Ok(NewMail { not_after, ..NewMail::new(first.session.bank, kind, key, to, subject, bodies) })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Example::of(specimen).told(), &[], &specimen.letterhead)
}

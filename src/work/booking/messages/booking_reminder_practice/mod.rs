//! To people of a practice: sessions somebody is booked for are two days away.

use super::example::Example;
use super::told::Told;
use super::{Letters, Person, SessionWords, dates_of, key_of_several};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::in_sentence;

bodies!(Letters "work/booking/messages/booking_reminder_practice/text.txt" "work/booking/messages/booking_reminder_practice/message.html");

/// The mail that reminds these people of one booking, until the session starts.
pub fn mail(told: &Told<'_>, to: Vec<Recipient>, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let role = in_sentence(&told.clinician.role);
    let subject = format!("Reminder: {}: {}, {role}", words.when_and_where, told.clinician.name);
    let bodies = render(&letters(&[told], letterhead))?;
    let mail = told.mail(&super::BOOKING_REMINDER_PRACTICE, to, subject, bodies);
    Ok(NewMail { not_after: Some(told.session.starts_at), ..mail })
}

/// The mail that reminds one of them of `first` and `others`, until the last of the sessions starts.
pub fn mail_of_several(
    first: &Told<'_>,
    others: &[&Told<'_>],
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut bookings: Vec<&Told<'_>> = std::iter::once(first).chain(others.iter().copied()).collect();
    bookings.sort_by_key(|told| (told.session.starts_at, told.booking.id));
    let subject =
        format!("Reminder: sessions on {}", dates_of(bookings.iter().map(|told| told.session.starts_at)));
    let (key, bodies) = (key_of_several(first.booking.id.0, to), render(&letters(&bookings, letterhead))?);
    let kind = &super::BOOKING_REMINDER_PRACTICE;
    let mail = NewMail::new(first.session.bank, kind, key, vec![to.to.clone()], subject, bodies);
    Ok(NewMail { not_after: bookings.last().map(|told| told.session.starts_at), ..mail })
}

fn letters(bookings: &[&Told<'_>], letterhead: &Letterhead) -> Letters {
    Letters::while_true(
        bookings.iter().map(|told| (told.booking.id.0, told.letter_to_practice(letterhead))).collect(),
    )
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    let to = example.practice.iter().map(|person| person.to.clone()).collect();
    mail(&example.told(), to, &specimen.letterhead)
}

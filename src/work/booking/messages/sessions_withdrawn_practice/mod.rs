//! To the people of a practice: several bookings are cancelled, because the practice withdrew their sessions by one act.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, Letters};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Calendar, CalendarMethod, Letterhead, NewMail, Recipient, bodies};
use crate::work::booking::Side;
use crate::work::booking::calendar::render_all;

bodies!(Letters "work/booking/messages/sessions_withdrawn_practice/text.txt" "work/booking/messages/sessions_withdrawn_practice/message.html");

/// The mail, with the entries that take the bookings out of the practice's calendar.
pub fn mail(
    first: Told<'_>,
    others: &[Told<'_>],
    reason: &str,
    (letterhead, now): (&Letterhead, DateTime<Utc>),
) -> Result<NewMail, askama::Error> {
    let mut ended: Vec<Told<'_>> = std::iter::once(first).chain(others.iter().copied()).collect();
    ended.sort_by_key(|told| told.session.starts_at);
    let letter = |told: &Told<'_>| {
        let letter = told.letter_to_practice(letterhead).with_fact("Cancellation fee", told.fallen_due());
        Letter { reason: reason.to_owned(), ..letter }
    };
    let letters: Vec<Letter> = ended.iter().map(letter).collect();
    let events = ended.iter().zip(&letters);
    let events: Vec<_> =
        events.map(|(told, letter)| told.practices_cancelled(letter, letterhead, now)).collect();
    let subject = format!("Withdrawn: several sessions at {}", first.session.practice_name);
    let to: Vec<Recipient> = first.practice.iter().map(|person| person.to.clone()).collect();
    let key = format!("withdrawn with {}", first.booking.id);
    let last = ended.iter().map(|told| told.session.ends_at).max();
    let bodies = render(&Letters::for_good(letters))?;
    let mail =
        NewMail::new(first.session.bank, &super::SESSIONS_WITHDRAWN_PRACTICE, key, to, subject, bodies);
    let method = CalendarMethod::Publish;
    Ok(NewMail {
        calendar: Some(Calendar { method, body: render_all(method, events) }),
        not_after: last,
        ..mail
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let [one, other] = [(); 2].map(|()| Example::of(specimen).cancelled(Side::Practice, &specimen.reason));
    mail(one.told(), &[other.told()], &specimen.reason, (&specimen.letterhead, specimen.now))
}

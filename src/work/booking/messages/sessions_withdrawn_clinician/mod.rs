//! To a clinician: several sessions that they were booked for or offered are withdrawn by one act of the practice.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Over;
use super::{Letter, Letters, SessionWords, key_of_several};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Calendar, CalendarMethod, Letterhead, NewMail, bodies};
use crate::work::booking::Side;
use crate::work::booking::calendar::render_all;

bodies!(Letters "work/booking/messages/sessions_withdrawn_clinician/text.txt" "work/booking/messages/sessions_withdrawn_clinician/message.html");

/// The mail, with the entries that take the bookings out of the clinician's calendar.
pub fn mail(
    one: Over<'_>,
    others: &[Over<'_>],
    reason: &str,
    (letterhead, now): (&Letterhead, DateTime<Utc>),
) -> Result<NewMail, askama::Error> {
    let mut all: Vec<Over<'_>> = std::iter::once(one).chain(others.iter().copied()).collect();
    all.sort_by_key(|over| over.session().starts_at);
    let letters: Vec<Letter> = all.iter().map(|over| letter(over, reason, letterhead)).collect();
    let events = all.iter().zip(&letters).filter_map(|(over, letter)| match over {
        Over::Booking(told) => Some(told.clinicians_cancelled(letter, letterhead, now)),
        Over::Offer(_) => None,
    });
    let events: Vec<_> = events.collect();
    let method = CalendarMethod::Publish;
    let calendar = (!events.is_empty()).then(|| Calendar { method, body: render_all(method, events) });
    let (session, person) = (one.session(), one.clinician());
    let subject = format!("Withdrawn by the practice: several sessions at {}", session.practice_name);
    let (key, to) = (key_of_several(session.id.0, person), vec![person.to.clone()]);
    let (kind, bodies) = (&super::SESSIONS_WITHDRAWN_CLINICIAN, render(&Letters::for_good(letters))?);
    let mail = NewMail::new(session.bank, kind, key, to, subject, bodies);
    Ok(NewMail { calendar, not_after: all.last().map(|over| over.session().ends_at), ..mail })
}

fn letter(over: &Over<'_>, reason: &str, letterhead: &Letterhead) -> Letter {
    let (letter, side) = match over {
        Over::Booking(told) => {
            let letter = told.letter_to_clinician(letterhead);
            (letter.with_fact("Cancellation fee", told.fallen_due()), "Your booking is cancelled")
        }
        Over::Offer(offer) => {
            let letter = Letter::about(&SessionWords::of(&offer.session), &offer.clinician);
            (Letter { name: offer.clinician.name.clone(), ..letter }, "No longer offered to you")
        }
    };
    Letter { side, reason: reason.to_owned(), ..letter }
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let [one, other] = [(); 2].map(|()| Example::of(specimen).cancelled(Side::Practice, &specimen.reason));
    let (one, other) = (Over::Booking(one.told()), Over::Booking(other.told()));
    mail(one, &[other], &specimen.reason, (&specimen.letterhead, specimen.now))
}

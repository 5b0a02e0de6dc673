//! To a clinician: they are booked.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::told::Told;
use super::{Letter, SessionWords};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, bodies};
use crate::ground::words::rate_an_hour;
use crate::people::practice::guide::Guide;

bodies!(Letter "work/booking/messages/booking_confirmed_clinician/text.txt" "work/booking/messages/booking_confirmed_clinician/message.html");

/// The mail, with what the practice says to those who come, and the entry for the clinician's calendar.
pub fn mail(
    told: &Told<'_>,
    guide: &Guide,
    letterhead: &Letterhead,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(told.session);
    let letter = told
        .letter_to_clinician(letterhead)
        .with_fact("Needs", words.needs.clone())
        .with_fact("Notes", words.notes.clone());
    let said = guide.for_everybody().into_iter();
    let letter = said.fold(letter, |letter, (name, text)| letter.with_fact(name, text));
    let letter = letter.with_fact("On the day, ask for", guide.contact());
    let letter = letter.with_fact("If the practice cancels", told.cancelling_costs());
    let rate = rate_an_hour(i64::from(told.booking.rate_pence_per_hour));
    let subject = format!("Booked: {}: {} session, {rate}", words.when_and_where, letter.role);
    let calendar = told.clinicians_calendar(CalendarMethod::Request, &letter, letterhead, now);
    let mail = told.mail_to_clinician(&super::BOOKING_CONFIRMED_CLINICIAN, subject, render(&letter)?);
    Ok(NewMail { calendar: Some(calendar), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let guide = Guide {
        parking: specimen.note.clone(),
        contact_name: specimen.other_name.clone(),
        contact_phone: "01305 000002".to_owned(),
        ..Guide::default()
    };
    mail(&Example::of(specimen).told(), &guide, &specimen.letterhead, specimen.now)
}

//! To a bank administrator: bookings stand although a fact on which they rested has changed.

use crate::ground::facts::Fallen;
use crate::ground::id::{BankId, BookingId, MailId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{count, london_date, short_date, time_at};
use chrono::TimeDelta;

bodies!(Letter "work/booking/messages/bookings_flagged/text.txt" "work/booking/messages/bookings_flagged/message.html");

/// So many are named; the page has them all.
const MOST_NAMED: usize = 20;

struct Letter {
    bank_name: String,
    name: String,
    heading: String,
    /// When and where, and who and why.
    lines: Vec<(String, String)>,
    link: String,
}

/// The mail to one administrator of what a change has put on the list, by session.
pub fn mail(
    (bank, bank_name): (BankId, &str),
    flagged: &[Fallen],
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let number = i64::try_from(flagged.len()).unwrap_or(i64::MAX);
    let when_and_where = |it: &Fallen| {
        format!("{}, {}, {}", short_date(london_date(it.starts_at)), time_at(it.starts_at), it.practice)
    };
    let said = count(number, "booking to look at", "bookings to look at");
    let letter = Letter {
        bank_name: bank_name.to_owned(),
        name: to.name.clone(),
        heading: said.clone(),
        lines: flagged
            .iter()
            .take(MOST_NAMED)
            .map(|it| (when_and_where(it), format!("{}: {}", it.clinician, it.why)))
            .collect(),
        link: format!("{}/bookings-to-look-at", letterhead.base_url),
    };
    let first = flagged.first().map(when_and_where).unwrap_or_default();
    let subject = match flagged {
        [one] => format!("{first}: look at the booking of {}", one.clinician),
        _ => format!("{said}, the first {first}"),
    };
    let kind = &super::BOOKINGS_FLAGGED;
    Ok(NewMail::new(bank, kind, MailId::new().to_string(), vec![to.clone()], subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let flagged = [2, 3].map(|days| Fallen {
        id: BookingId::new().0,
        clinician: specimen.name.clone(),
        practice: specimen.practice.clone(),
        starts_at: specimen.now + TimeDelta::days(days),
        ends_at: specimen.now + TimeDelta::days(days) + TimeDelta::hours(4),
        why: "Would have too little rest".to_owned(),
    });
    mail((specimen.bank, &specimen.bank_name), &flagged, &specimen.recipient(), &specimen.letterhead)
}

//! To a clinician: a document of theirs ends soon.

use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Europe::London;

use super::Ending;
use crate::ground::id::ClinicianId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, full_date, london_date, short_date};
use crate::terms::bank::calendar::start_of_day;

bodies!(Letter "people/document/messages/document_ending/text.txt" "people/document/messages/document_ending/message.html");

struct Letter {
    bank_name: String,
    name: String,
    document: String,
    /// "in 14 days", "tomorrow", "today".
    left: String,
    until: String,
    is_needed: bool,
    link: String,
}

/// The mail of one step: so many days before the end its person is told once. It is of no use after the last day.
pub fn mail(
    ending: &Ending,
    step_days: i64,
    today: NaiveDate,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let left = match (ending.valid_through - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {}", count(days, "day", "days")),
    };
    let letter = Letter {
        bank_name: ending.bank_name.clone(),
        name: ending.to.name.clone(),
        document: ending.document.clone(),
        until: full_date(ending.valid_through),
        is_needed: ending.is_needed,
        link: format!("{}/me/documents/new?competency={}", letterhead.base_url, ending.competency),
        left,
    };
    let subject = format!(
        "{}, {}: {} ends {}",
        short_date(ending.valid_through),
        ending.bank_name,
        letter.document,
        letter.left
    );
    Ok(NewMail {
        not_after: Some(start_of_day(London, ending.valid_through + Days::new(1))),
        ..NewMail::new(
            ending.bank,
            &super::DOCUMENT_ENDING,
            format!("{}:{}:{}:{step_days}", ending.clinician, ending.competency, ending.valid_through),
            vec![ending.to.clone()],
            subject,
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let today = london_date(specimen.now);
    let ending = Ending {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        clinician: ClinicianId::default(),
        to: specimen.recipient(),
        competency: "indemnity".to_owned(),
        document: "Indemnity".to_owned(),
        valid_through: today + TimeDelta::days(60),
        is_needed: true,
    };
    mail(&ending, 60, today, &specimen.letterhead)
}

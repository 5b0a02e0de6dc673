//! To whoever acts in a bank no more.

use chrono::{DateTime, Utc};

use super::{acts_as, example};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies};
use crate::people::membership::{MembershipLine, Person};
use crate::terms::bank::Bank;

struct Letter {
    bank_name: String,
    name: String,
    /// "a practice manager of Orchid House Surgery".
    acts_as: String,
    is_clinician: bool,
}

bodies!(Letter "people/membership/messages/membership_ended/text.txt" "people/membership/messages/membership_ended/message.html");

/// The mail that says so. `line` is the membership as it was.
pub fn mail(
    bank: &Bank,
    person: &Person,
    line: &MembershipLine,
    at: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: person.name.clone(),
        acts_as: acts_as(line),
        is_clinician: line.clinician.is_some(),
    };
    Ok(NewMail::new(
        bank.id,
        &super::MEMBERSHIP_ENDED,
        format!("{} {}", line.id, at.timestamp_micros()),
        vec![person.recipient()],
        format!("{}: you no longer act as {}", bank.name, letter.acts_as),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (person, line) = example(specimen, specimen.now);
    let mail = mail(&Bank::of_specimen(specimen), &person, &line, specimen.now)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

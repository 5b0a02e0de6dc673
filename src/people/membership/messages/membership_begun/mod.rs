//! To whoever can act as more in a bank than before.

use chrono::{DateTime, Utc};

use super::{acts_as, example};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::people::membership::{MembershipLine, Person};
use crate::terms::bank::Bank;

struct Letter {
    bank_name: String,
    name: String,
    /// "a practice manager of Orchid House Surgery".
    acts_as: String,
    sign_in: String,
}

bodies!(Letter "people/membership/messages/membership_begun/text.txt" "people/membership/messages/membership_begun/message.html");

/// The mail that says so.
pub fn mail(
    bank: &Bank,
    person: &Person,
    line: &MembershipLine,
    (at, letterhead): (DateTime<Utc>, &Letterhead),
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: person.name.clone(),
        acts_as: acts_as(line),
        sign_in: format!("{}/sign-in", letterhead.base_url),
    };
    Ok(NewMail::new(
        bank.id,
        &super::MEMBERSHIP_BEGUN,
        format!("{} {}", line.id, at.timestamp_micros()),
        vec![person.recipient()],
        format!("{}: you can act as {}", bank.name, letter.acts_as),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (person, line) = example(specimen, specimen.now);
    let mail = mail(&Bank::of_specimen(specimen), &person, &line, (specimen.now, &specimen.letterhead))?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

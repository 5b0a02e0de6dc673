//! To a clinician: their clearance has ended.

use super::ClearanceFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{full_date, in_sentence, short_date, with_article};

bodies!(Letter "people/credential/messages/clearance_ended/text.txt" "people/credential/messages/clearance_ended/message.html");

struct Letter {
    bank_name: String,
    name: String,
    role: String,
    until: String,
    link: String,
}

/// The mail that says so, once a clearance. Why it ended is between the administrator and the person, so it names
/// what to do and no reason.
pub fn mail(facts: &ClearanceFacts, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.name.clone(),
        role: with_article(&in_sentence(&facts.role)),
        until: full_date(facts.cleared_until),
        link: format!("{}/me", letterhead.base_url),
    };
    let subject = format!(
        "{}, {}: your clearance to work as {} has ended",
        short_date(facts.cleared_until),
        facts.bank_name,
        letter.role
    );
    Ok(NewMail::new(
        facts.bank,
        &super::CLEARANCE_ENDED,
        facts.clearance.to_string(),
        vec![facts.to.clone()],
        subject,
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&ClearanceFacts::example(specimen, -1), &specimen.letterhead)
}

//! To a clinician: the bank does not clear them, and why.

use crate::ground::id::ClearanceRefusalId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::terms::bank::Bank;

bodies!(Letter "people/credential/messages/clearance_refused/text.txt" "people/credential/messages/clearance_refused/message.html");

struct Letter {
    bank_name: String,
    name: String,
    reason: String,
    link: String,
}

/// The mail with the administrator's reason, once a refusal.
pub fn mail(
    bank: &Bank,
    (refusal, reason): (ClearanceRefusalId, &str),
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: to.name.clone(),
        reason: reason.to_owned(),
        link: format!("{}/me/missing", letterhead.base_url),
    };
    Ok(NewMail::new(
        bank.id,
        &super::CLEARANCE_REFUSED,
        refusal.to_string(),
        vec![to.clone()],
        format!("{}: you are not cleared to work", bank.name),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (bank, refusal) = (Bank::of_specimen(specimen), ClearanceRefusalId::default());
    mail(&bank, (refusal, &specimen.reason), &specimen.recipient(), &specimen.letterhead)
}

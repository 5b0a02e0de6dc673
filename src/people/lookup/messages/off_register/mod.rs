//! To a clinician: the register does not have their number, or says that they may not practise.

use crate::ground::id::LookupId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{full_date, london_date};
use crate::people::lookup::{Lookup, Outcome};
use crate::terms::bank::Bank;

bodies!(Letter "people/lookup/messages/off_register/text.txt" "people/lookup/messages/off_register/message.html");

struct Letter {
    bank_name: String,
    name: String,
    register: String,
    number: String,
    says: &'static str,
    looked_up_on: String,
    link: String,
}

/// The mail with what the register says, once a look-up.
pub fn mail(
    bank: &Bank,
    (id, lookup, number): (LookupId, &Lookup, &str),
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: to.name.clone(),
        register: lookup.register.clone(),
        number: number.to_owned(),
        says: match lookup.outcome {
            Outcome::NotFound => "Not on the register",
            Outcome::Lapsed | Outcome::Found | Outcome::Conditions => "Lapsed, or without a licence",
        },
        looked_up_on: full_date(lookup.looked_up_on),
        link: format!("{}/me/missing", letterhead.base_url),
    };
    Ok(NewMail::new(
        bank.id,
        &super::OFF_REGISTER,
        id.to_string(),
        vec![to.clone()],
        format!("{}: your number on the {} register", bank.name, lookup.register),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let lookup = Lookup {
        register: "GMC".to_owned(),
        outcome: Outcome::Lapsed,
        name_on_register: None,
        looked_up_on: london_date(specimen.now),
        source: "register.csv".to_owned(),
        by: "The operator".to_owned(),
        recorded_at: specimen.now,
    };
    let bank = Bank::of_specimen(specimen);
    mail(&bank, (LookupId::default(), &lookup, "7012345"), &specimen.recipient(), &specimen.letterhead)
}

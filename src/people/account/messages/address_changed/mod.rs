//! To both mailboxes of whoever signs in with another address from now on.

use chrono::{DateTime, Utc};

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::moment;
use crate::people::account::Holder;

struct Letter {
    bank_name: String,
    name: String,
    new_email: String,
    at: String,
    sign_in: String,
}

bodies!(Letter "people/account/messages/address_changed/text.txt" "people/account/messages/address_changed/message.html");

/// The mail that says so, to the address of `to`.
pub fn mail(
    to: &Holder,
    new_email: &str,
    at: DateTime<Utc>,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: to.bank_name.clone(),
        name: to.name.clone(),
        new_email: new_email.to_owned(),
        at: moment(at),
        sign_in: format!("{}/sign-in", letterhead.base_url),
    };
    Ok(NewMail::new(
        to.bank,
        &super::ADDRESS_CHANGED,
        format!("{} {} {}", to.account, at.timestamp_micros(), to.email == new_email),
        vec![to.recipient()],
        format!("{}: your email address has been changed", to.bank_name),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let mail = mail(&super::example(specimen), "new@example.org", specimen.now, &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

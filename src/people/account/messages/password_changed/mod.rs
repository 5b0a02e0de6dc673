//! To whoever has a new password, so that they notice where it was not they who chose it.

use chrono::{DateTime, Utc};

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::moment;
use crate::people::account::Holder;

struct Letter {
    bank_name: String,
    name: String,
    email: String,
    at: String,
    forgotten: String,
}

bodies!(Letter "people/account/messages/password_changed/text.txt" "people/account/messages/password_changed/message.html");

/// The mail that says so.
pub fn mail(holder: &Holder, at: DateTime<Utc>, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: holder.bank_name.clone(),
        name: holder.name.clone(),
        email: holder.email.clone(),
        at: moment(at),
        forgotten: format!("{}/forgotten-password", letterhead.base_url),
    };
    Ok(NewMail::new(
        holder.bank,
        &super::PASSWORD_CHANGED,
        format!("{} {}", holder.account, at.timestamp_micros()),
        vec![holder.recipient()],
        format!("{}: your password has been changed", holder.bank_name),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let mail = mail(&super::example(specimen), specimen.now, &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

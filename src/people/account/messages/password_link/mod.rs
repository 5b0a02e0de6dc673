//! To whoever has forgotten their password: the link to a new one.

use chrono::{DateTime, Utc};

use crate::ground::id::PasswordLinkId;
use crate::ground::mail::links::password_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies};
use crate::ground::words::moment;
use crate::people::account::{Holder, LINK_LASTS};

struct Letter {
    bank_name: String,
    name: String,
    email: String,
    until: String,
    link: String,
}

bodies!(Letter "people/account/messages/password_link/text.txt" "people/account/messages/password_link/message.html");

/// The mail with the link.
pub fn mail(
    holder: &Holder,
    link: PasswordLinkId,
    expires_at: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: holder.bank_name.clone(),
        name: holder.name.clone(),
        email: holder.email.clone(),
        until: moment(expires_at),
        link: password_link(link),
    };
    Ok(NewMail {
        not_after: Some(expires_at),
        ..NewMail::new(
            holder.bank,
            &super::PASSWORD_LINK,
            link.to_string(),
            vec![holder.recipient()],
            format!("{}: choose a new password", holder.bank_name),
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let mail = mail(&super::example(specimen), PasswordLinkId::new(), specimen.now + LINK_LASTS)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

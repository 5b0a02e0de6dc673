//! To both mailboxes of whoever changes the address they sign in with: each has a link by which it confirms the change.

use chrono::{DateTime, Utc};

use crate::ground::id::AddressChangeId;
use crate::ground::mail::links::address_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::moment;
use crate::people::account::{ADDRESS_LINKS_LAST, Holder, Mailbox};

struct Letter {
    bank_name: String,
    name: String,
    from: String,
    to: String,
    until: String,
    link: String,
}

bodies!(Letter "people/account/messages/address_link/text.txt" "people/account/messages/address_link/message.html");

/// The mail with the link of one mailbox.
pub fn mail(
    holder: &Holder,
    (change, new_email): (AddressChangeId, &str),
    mailbox: Mailbox,
    expires_at: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let is_new = mailbox == Mailbox::New;
    let letter = Letter {
        bank_name: holder.bank_name.clone(),
        name: holder.name.clone(),
        from: holder.email.clone(),
        to: new_email.to_owned(),
        until: moment(expires_at),
        link: address_link(change, is_new),
    };
    let to = if is_new {
        Recipient { address: new_email.to_owned(), ..holder.recipient() }
    } else {
        holder.recipient()
    };
    Ok(NewMail {
        not_after: Some(expires_at),
        ..NewMail::new(
            holder.bank,
            &super::ADDRESS_LINK,
            format!("{change} {mailbox:?}"),
            vec![to],
            format!("{}: confirm your new email address", holder.bank_name),
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let change = (AddressChangeId::new(), "new@example.org");
    let until = specimen.now + ADDRESS_LINKS_LAST;
    let mail = mail(&super::example(specimen), change, Mailbox::Old, until)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}

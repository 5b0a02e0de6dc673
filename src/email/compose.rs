//! From a row of the outbox to a message: text, HTML and calendar as alternatives, the calendar entry attached too.

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::links::{LinkKey, fill_in};
use super::store_sending::MailInHand;

/// A mail that can't be made into a message. Trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// An address that mail servers do not take.
    #[error("an address can't be used: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// A part that can't be encoded.
    #[error("the message can't be put together: {0}")]
    Message(#[from] lettre::error::Error),
    /// A content type of ours that is none.
    #[error("a content type is wrong")]
    ContentType,
}

/// Who sends, and what links are made of.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The sender's name.
    pub name: String,
    /// The sender's address.
    pub address: String,
    /// The address people's browsers use.
    pub base_url: String,
    /// The key of links.
    pub link_key: LinkKey,
}

/// The message of `mail` to `recipients` (address and name).
pub fn message(
    mail: &MailInHand,
    recipients: &[(String, String)],
    sender: &Sender,
) -> Result<Message, ComposeError> {
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .from(mailbox(&sender.address, &sender.name)?)
        .subject(mail.subject.as_str());
    for (address, name) in recipients {
        builder = builder.to(mailbox(address, name)?);
    }
    let filled = |body: &str| fill_in(body, &sender.link_key, &sender.base_url);
    let alternatives = MultiPart::alternative()
        .singlepart(SinglePart::plain(filled(&mail.text_body)))
        .singlepart(SinglePart::html(filled(&mail.html_body)));
    let Some((calendar, method)) = mail.calendar_body.as_ref().zip(mail.calendar_method) else {
        return Ok(builder.multipart(alternatives)?);
    };
    let kind = format!("text/calendar; charset=utf-8; method={}", method.name());
    let kind = ContentType::parse(&kind).map_err(|_unreadable| ComposeError::ContentType)?;
    let entry = SinglePart::builder().header(kind.clone()).body(calendar.clone());
    let attached = Attachment::new("session.ics".to_owned()).body(calendar.clone(), kind);
    let parts = MultiPart::mixed().multipart(alternatives.singlepart(entry)).singlepart(attached);
    Ok(builder.multipart(parts)?)
}

fn mailbox(address: &str, name: &str) -> Result<Mailbox, ComposeError> {
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address.parse()?))
}

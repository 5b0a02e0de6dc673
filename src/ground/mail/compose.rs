//! From a row of the outbox to a message: text, HTML and calendar as alternatives, the calendar entry attached too.

use askama::Template;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::Recipient;
use super::kinds::Messages;
use super::links::{LinkKey, Links, fill_in};
use super::sealed_link::{Purpose, SealedLink};
use super::store::sending::MailInHand;
use crate::ground::sign_in::meant_for::MeantFor;

/// What stands in the HTML part for its foot.
const FOOT: &str = "[[foot]]";

/// Says that no person wrote the mail, so that answering machines leave it unanswered (RFC 3834, section 5).
const AUTO_SUBMITTED: &str = "Auto-Submitted";

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
    /// The foot can't be written.
    #[error("the foot of the message can't be written: {0}")]
    Foot(#[from] askama::Error),
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
    /// Every message, by which it is known which can be declined.
    pub messages: Messages,
}

#[derive(Template)]
#[template(path = "ground/mail/foot.txt")]
struct TextFoot<'a> {
    settings: &'a str,
    stop: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "ground/mail/foot.html")]
struct HtmlFoot<'a> {
    settings: &'a str,
    stop: Option<&'a str>,
}

/// The link that ends mails like this one for the one person it goes to; none where they can't be declined.
fn stop_link(mail: &MailInHand, recipients: &[Recipient], sender: &Sender) -> Option<String> {
    let kind = sender.messages.find(&mail.kind).filter(|kind| kind.may_decline)?;
    let [Recipient { account: Some(account), .. }] = recipients else { return None };
    let link = SealedLink { bank: mail.bank_id, id: account.0, kind: kind.name.to_owned() };
    Some(format!("{}/unsubscribe/{}", sender.base_url, link.token(&sender.link_key, Purpose::Stop)))
}

/// For which membership of its reader a mail is, where one of its readers has several.
fn meant_for(mail: &MailInHand, sender: &Sender) -> Option<MeantFor> {
    let kind = sender.messages.find(&mail.kind)?.audience.kind()?;
    mail.is_to_several.then_some(MeantFor { bank: mail.bank_id, kind })
}

/// Where the foot of a mail leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foot<'a> {
    /// Nowhere: its reader has no account, and so no choices.
    None,
    /// To the reader's choices, and, where such mails can be declined, by this link to their end.
    Choices(Option<&'a str>),
}

/// A text and its HTML with their links filled in and with the foot.
pub fn finished(
    (text, html): (&str, &str),
    links: &Links<'_>,
    foot: Foot<'_>,
) -> Result<(String, String), askama::Error> {
    let settings = format!("{}/your-email", links.base_url);
    let settings = links.meant_for.map_or(settings.clone(), |meant| meant.said_in(&settings, links.base_url));
    let (text_foot, html_foot) = match foot {
        Foot::None => ("\n".to_owned(), String::new()),
        Foot::Choices(stop) => (
            TextFoot { settings: &settings, stop }.render()?,
            HtmlFoot { settings: &settings, stop }.render()?,
        ),
    };
    let filled = |body: &str| fill_in(body, links);
    let html = filled(html);
    // What people typed stands above the foot, so the last one is the layout's own.
    let html =
        html.rsplit_once(FOOT).map_or(html.clone(), |(above, below)| format!("{above}{html_foot}{below}"));
    Ok((format!("{}{text_foot}", filled(text).trim_end()), html))
}

/// The message of `mail` to `recipients`. A mail that its one reader can decline has the headers of RFC 8058, by which
/// mail programs offer to end such mails with one press.
pub fn message(
    mail: &MailInHand,
    recipients: &[Recipient],
    sender: &Sender,
) -> Result<Message, ComposeError> {
    let stop = stop_link(mail, recipients, sender);
    let bodies = (mail.text_body.as_str(), mail.html_body.as_str());
    let links = Links {
        key: &sender.link_key,
        base_url: &sender.base_url,
        offers: &mail.offers,
        meant_for: meant_for(mail, sender),
    };
    let has_choices = recipients.iter().any(|recipient| recipient.account.is_some());
    let foot = if has_choices { Foot::Choices(stop.as_deref()) } else { Foot::None };
    let (text, html) = finished(bodies, &links, foot)?;
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .from(mailbox(&sender.address, &sender.name)?)
        .subject(mail.subject.as_str())
        .raw_header(header(AUTO_SUBMITTED, "auto-generated".to_owned()));
    for Recipient { address, name, .. } in recipients {
        builder = builder.to(mailbox(address, name)?);
    }
    if let Some(stop) = stop {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let alternatives =
        MultiPart::alternative().singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html));
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

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn mailbox(address: &str, name: &str) -> Result<Mailbox, ComposeError> {
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address.parse()?))
}

#[cfg(test)]
mod tests {
    use super::{Foot, finished};
    use crate::ground::mail::links::{LinkKey, Links};

    #[test]
    fn the_foot_stands_at_the_foot_whatever_people_typed() {
        let key = LinkKey::from_hex(&"ab".repeat(32).into()).unwrap();
        let links = Links { key: &key, base_url: "https://bank.example", offers: &[], meant_for: None };
        let typed = ("Notes: [[foot]]\n", "<p>Notes: [[foot]]</p>[[foot]]</body>");
        let (text, html) = finished(typed, &links, Foot::Choices(Some("https://bank.example/stop"))).unwrap();
        assert!(
            text.starts_with("Notes: [[foot]]\n") && text.contains("https://bank.example/stop"),
            "{text}"
        );
        let (typed, foot) = html.split_once("</p>").unwrap();
        assert_eq!(typed, "<p>Notes: [[foot]]");
        assert!(foot.contains("https://bank.example/stop") && !foot.contains("[["), "{foot}");
        assert!(foot.ends_with("</body>"));
    }

    #[test]
    fn whoever_has_no_account_is_promised_no_choices() {
        let key = LinkKey::from_hex(&"ab".repeat(32).into()).unwrap();
        let links = Links { key: &key, base_url: "https://bank.example", offers: &[], meant_for: None };
        let (text, html) = finished(("Join\n", "<p>Join</p>[[foot]]</body>"), &links, Foot::None).unwrap();
        assert_eq!((text.as_str(), html.as_str()), ("Join\n", "<p>Join</p></body>"));
    }
}

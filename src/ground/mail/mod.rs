//! What a mail is, not what it says: its place in the outbox, the links in it, and SMTP.
//!
//! A mail is written to the outbox by the change that causes it, in its transaction, and leaves later:
//!
//! ```text
//! pending ──▶ sending ──▶ sent
//!    ▲           │ ├────▶ failed      the relay refused it for good
//!    │           │ └────▶ uncertain   nobody knows whether it arrived ──▶ sending, with the same Message-ID
//!    └───────────┘                    the relay asked to wait
//! pending, uncertain ──▶ failed       tried for five days, or five times in doubt
//! pending ──▶ dropped                 it would have come too late, or its reader does not want it
//! pending ──▶ for_digest ──▶ digested it waits for its reader's daily email, and stands in one
//! ```
//!
//! `sending` is committed when the relay waits for the mail's text, before its first byte goes out. Plain SMTP can
//! lose the final `250` (RFC 1047), so a send that is cut off from there on counts as uncertain and is repeated with
//! the same Message-ID, by which mailboxes know the copy. What is cut off before was certainly not sent.

pub mod compose;
pub mod course;
pub mod fresh;
pub mod kinds;
pub mod link_key;
pub mod links;
pub mod sealed_link;
pub mod smtp;
pub mod specimen;
pub mod store;
pub mod together;

use chrono::{DateTime, Utc};

use crate::ground::id::{AccountId, BankId, BookingId, OfferId};
use crate::ground::mail::kinds::MessageKind;

/// Whom a mail goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub address: String,
    /// The name, as the person writes it.
    pub name: String,
    /// Their account, where they have one.
    pub account: Option<AccountId>,
}

/// Who writes and where the pages are, as mails and calendars name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The address people's browsers use, without a slash at the end.
    pub base_url: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address, which calendars know as the organiser.
    pub from_address: String,
}

impl Letterhead {
    /// The letterhead of an invented bank.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self {
            base_url: "https://bank.example".to_owned(),
            from_name: "Orchid bank".to_owned(),
            from_address: "bank@bank.example".to_owned(),
        }
    }
}

/// What a calendar does with the part it is given (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "UPPERCASE")]
pub enum CalendarMethod {
    /// Enter or update the entry.
    Request,
    /// Cancel the entry.
    Cancel,
    /// Show the entry: for a file that a person fetches.
    Publish,
}

impl CalendarMethod {
    /// The method's name in RFC 5546.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// A calendar entry that travels with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What the calendar does with it.
    pub method: CalendarMethod,
    /// The whole `VCALENDAR` (RFC 5545).
    pub body: String,
}

/// A mail to be put into the outbox.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// The bank it is sent for.
    pub bank: BankId,
    /// Which message it is.
    pub kind: &'static MessageKind,
    /// What the mail is about, so that it is written once: usually the id of the record.
    pub dedup_key: String,
    /// Whom it goes to, at least one.
    pub to: Vec<Recipient>,
    /// One line: who, when, where.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// A calendar entry, where a date is agreed, changed or cancelled.
    pub calendar: Option<Calendar>,
    /// The booking it confirms or cancels.
    pub booking: Option<BookingId>,
    /// The offers whose links it carries. Where there are several, each has a mail of its own that stands in this one.
    pub offers: Vec<OfferId>,
    /// Sent no sooner than this; at once where nothing is said.
    pub not_before: Option<DateTime<Utc>>,
    /// Dropped instead of sent after this.
    pub not_after: Option<DateTime<Utc>>,
}

impl NewMail {
    /// The offer it is about, where it is about one alone.
    #[must_use]
    pub fn only_offer(&self) -> Option<OfferId> {
        match self.offers.as_slice() {
            [offer] => Some(*offer),
            _ => None,
        }
    }

    /// A mail about nothing that could end, with its text and its HTML: no calendar entry, no booking, no offer, and
    /// of use however late.
    #[must_use]
    pub fn new(
        bank: BankId,
        kind: &'static MessageKind,
        dedup_key: String,
        to: Vec<Recipient>,
        subject: String,
        (text, html): (String, String),
    ) -> Self {
        Self {
            bank,
            kind,
            dedup_key,
            to,
            subject,
            text,
            html,
            calendar: None,
            booking: None,
            offers: Vec::new(),
            not_before: None,
            not_after: None,
        }
    }
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MailState {
    /// Waits to be sent.
    Pending,
    /// Is being sent, or was when its sender died.
    Sending,
    /// Accepted by the mail server.
    Sent,
    /// Refused for good.
    Failed,
    /// May or may not have arrived; sent again with the same Message-ID.
    Uncertain,
    /// Not sent, because it would have come too late or its reader does not want it.
    Dropped,
    /// Waits for its reader's daily email.
    ForDigest,
    /// Stands in a daily email.
    Digested,
}

impl MailState {
    /// Every state, in the order pages list them.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Sending,
        Self::Uncertain,
        Self::Failed,
        Self::Sent,
        Self::ForDigest,
        Self::Digested,
        Self::Dropped,
    ];

    /// The name in the database and in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Dropped => "dropped",
            Self::ForDigest => "for_digest",
            Self::Digested => "digested",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Waiting",
            Self::Sending => "Being sent",
            Self::Sent => "Sent",
            Self::Failed => "Refused",
            Self::Uncertain => "Uncertain",
            Self::Dropped => "Not sent",
            Self::ForDigest => "For the daily email",
            Self::Digested => "In a daily email",
        }
    }

    /// The state of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Gives a message's folder its `render(letter) -> Result<(text, html), askama::Error>`. The paths are those of its
/// templates, whose one field is `letter`; the layout reads `letter.bank_name`.
macro_rules! bodies {
    ($letter:ident $(<$life:lifetime>)? $text:literal $html:literal) => {
        fn render(letter: &$letter$(<$life>)?) -> Result<(String, String), askama::Error> {
            #[derive(askama::Template)]
            #[template(path = $text)]
            struct Text<'a> { letter: &'a $letter$(<$life>)? }
            #[derive(askama::Template)]
            #[template(path = $html)]
            struct Html<'a> { letter: &'a $letter$(<$life>)? }
            let (text, html) = (Text { letter }, Html { letter });
            Ok((askama::Template::render(&text)?, askama::Template::render(&html)?))
        }
    };
}
pub(crate) use bodies;

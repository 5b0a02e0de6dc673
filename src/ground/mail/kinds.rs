//! What a message the service writes is: who gets it, whether it may wait, whether it may be declined.
//!
//! A message is a folder `messages/<kind>` in the slice it belongs to, with `text.txt`, `message.html` and a `mod.rs`
//! that gives `mail`, which the journey calls, and `sample`, which the list of messages and the tests call. With its
//! line in the slice's `messages/mod.rs` it is listed and previewed at `/mail/messages`, counted by the preferences,
//! and tried on strange data. The list of the slices' tables is the site's.

use super::NewMail;
use super::specimen::Specimen;
use crate::ground::actor::PersonKind;

/// Whom a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Those who act as this; the bank's administrators where a practice has no manager.
    Acting(PersonKind),
    /// Everybody who has an account.
    Everybody,
    /// Somebody who is asked to join.
    Invited,
    /// Somebody who applies for a post, with or without an account.
    Applicant,
}

impl Audience {
    /// As what its readers act; none where they act as anything.
    #[must_use]
    pub fn kind(self) -> Option<PersonKind> {
        match self {
            Self::Acting(kind) => Some(kind),
            Self::Everybody | Self::Invited | Self::Applicant => None,
        }
    }
}

/// How soon a message is wanted where its reader has chosen nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// At once: there is something to do, or a date was agreed or given up.
    AtOnce,
    /// It can wait for the daily email.
    Digestible,
}

/// A line of a slice's table of messages. Nothing but `messages!` makes one, and what it makes stands in the site's
/// list (both are tested), so no mail is written that the list does not know.
#[derive(Debug)]
pub struct MessageKind {
    /// Its name in the outbox and in addresses.
    pub name: &'static str,
    /// What it says, for lists.
    pub title: &'static str,
    /// Whom it is for.
    pub audience: Audience,
    /// How soon it is wanted.
    pub urgency: Urgency,
    /// Whether its reader may say no to it. What the work itself needs said, an offer, a booking agreed or given up,
    /// the end of a clearance, is sent whatever they say.
    pub may_decline: bool,
    /// 1 goes first, 9 last.
    pub priority: i16,
    /// The message on other data than a journey's.
    pub sample: fn(&Specimen) -> Result<NewMail, askama::Error>,
}

/// Kinds are the same where their names are.
impl PartialEq for MessageKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for MessageKind {}

/// Every message of the service: the tables of its slices, in the order in which lists show them.
#[derive(Debug, Clone, Copy)]
pub struct Messages(pub &'static [&'static [&'static MessageKind]]);

impl Messages {
    /// Every message.
    pub fn all(self) -> impl Iterator<Item = &'static MessageKind> {
        self.0.iter().copied().flatten().copied()
    }

    /// The message of that name.
    #[must_use]
    pub fn find(self, name: &str) -> Option<&'static MessageKind> {
        self.all().find(|kind| kind.name == name)
    }
}

/// A slice's table of messages, in its `messages/mod.rs`. A line: its name in the code, its folder, what it says, whom
/// it is for, how soon it is wanted, whether it can be declined, and its priority from 1 to 9.
macro_rules! messages {
    ($($name:ident $folder:ident $title:literal $audience:tt $urgency:ident $may_decline:ident $priority:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: $crate::ground::mail::kinds::MessageKind = $crate::ground::mail::kinds::MessageKind {
                name: stringify!($folder),
                title: $title,
                audience: $crate::ground::mail::kinds::messages!(> $audience),
                urgency: $crate::ground::mail::kinds::Urgency::$urgency,
                may_decline: $crate::ground::mail::kinds::messages!(@ $may_decline),
                priority: $priority,
                sample: $folder::sample,
            };
        )*

        /// The messages of this slice, for the site's list.
        pub const MESSAGES: &[&$crate::ground::mail::kinds::MessageKind] = &[$(&$name),*];
    };
    (> Everybody) => { $crate::ground::mail::kinds::Audience::Everybody };
    (> Applicant) => { $crate::ground::mail::kinds::Audience::Applicant };
    (> Invited) => { $crate::ground::mail::kinds::Audience::Invited };
    (> $kind:ident) => {
        $crate::ground::mail::kinds::Audience::Acting($crate::ground::actor::PersonKind::$kind)
    };
    (@ always) => { false };
    (@ declinable) => { true };
}
pub(crate) use messages;

//! Every message the service writes, one line each: who gets it, whether it may wait, whether it may be declined.
//!
//! A message is a folder `messages/<kind>` in the slice it belongs to, with `text.txt`, `message.html` and a `mod.rs`
//! that gives `mail`, which the journey calls, and `sample`, which the list of messages and the tests call. With its
//! line here it is listed and previewed at `/mail/messages`, counted by the preferences, and tried on strange data.

use super::NewMail;
use super::specimen::Specimen;

/// Whom a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// A clinician.
    Clinician,
    /// The people of a practice; the bank's administrators where a practice has none.
    PracticeManager,
    /// The bank's administrators.
    BankAdministrator,
    /// The commissioner's people.
    Commissioner,
}

/// How soon a message is wanted where its reader has chosen nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// At once: there is something to do, or a date was agreed or given up.
    AtOnce,
    /// It can wait for the daily email.
    Digestible,
}

/// A message of the catalogue. There are none but those of [`MESSAGES`]: nothing else can make one, so no mail is
/// written that the catalogue does not know.
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
    sample: fn(&Specimen) -> Result<NewMail, askama::Error>,
}

impl MessageKind {
    /// The message as it would be written with this data.
    pub fn sample(&self, specimen: &Specimen) -> Result<NewMail, askama::Error> {
        (self.sample)(specimen)
    }
}

/// Kinds are the same where their names are.
impl PartialEq for MessageKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for MessageKind {}

/// The message of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static MessageKind> {
    MESSAGES.iter().find(|kind| kind.name == name).copied()
}

/// One table gives each message a name in the code and a place in the list.
macro_rules! messages {
    ($($name:ident $kind:literal $title:literal $audience:ident $urgency:ident $may_decline:ident $priority:literal
       $($folder:ident)::+;)*) => {
        $(
            #[doc = $title]
            pub static $name: MessageKind = MessageKind {
                name: $kind,
                title: $title,
                audience: Audience::$audience,
                urgency: Urgency::$urgency,
                may_decline: messages!(@ $may_decline),
                priority: $priority,
                sample: crate::$($folder)::+::sample,
            };
        )*

        /// Every message, in the order in which lists show them.
        pub static MESSAGES: &[&MessageKind] = &[$(&$name),*];
    };
    (@ always) => { false };
    (@ declinable) => { true };
}

messages! {
    SESSION_OFFERED "session_offered" "A session is offered" Clinician AtOnce always 2 work::booking::messages::session_offered;
    OFFER_LAPSING "offer_lapsing" "An offer is waiting for an answer" Clinician AtOnce declinable 3 work::booking::messages::offer_lapsing;
    OFFER_LAPSED "offer_lapsed" "An offer has lapsed" Clinician Digestible declinable 6 work::booking::messages::offer_lapsed;
    OFFER_WITHDRAWN "offer_withdrawn" "A session is no longer offered" Clinician AtOnce always 3 work::booking::messages::offer_withdrawn;
    BOOKING_CONFIRMED_CLINICIAN "booking_confirmed_clinician" "You are booked" Clinician AtOnce always 1 work::booking::messages::booking_confirmed_clinician;
    BOOKING_REMINDER_CLINICIAN "booking_reminder_clinician" "Your session is coming up" Clinician AtOnce declinable 5 work::booking::messages::booking_reminder_clinician;
    BOOKING_CHANGED_CLINICIAN "booking_changed_clinician" "Your booking has changed" Clinician AtOnce always 1 work::booking::messages::booking_changed_clinician;
    BOOKING_CANCELLED_CLINICIAN "booking_cancelled_clinician" "Your booking is cancelled" Clinician AtOnce always 1 work::booking::messages::booking_cancelled_clinician;
    CLEARANCE_ENDING "clearance_ending" "Your clearance ends soon" Clinician AtOnce always 4 people::credential::messages::clearance_ending;
    CLEARANCE_ENDED "clearance_ended" "Your clearance has ended" Clinician AtOnce always 4 people::credential::messages::clearance_ended;
    NOT_CHOSEN "not_chosen" "Sessions that went to others, and why" Clinician Digestible declinable 8 work::planning::messages::not_chosen;
    BOOKING_CONFIRMED_PRACTICE "booking_confirmed_practice" "Your session is booked" PracticeManager AtOnce always 1 work::booking::messages::booking_confirmed_practice;
    BOOKING_REMINDER_PRACTICE "booking_reminder_practice" "A session is coming up" PracticeManager Digestible declinable 6 work::booking::messages::booking_reminder_practice;
    BOOKING_CHANGED_PRACTICE "booking_changed_practice" "A booking has changed" PracticeManager AtOnce always 1 work::booking::messages::booking_changed_practice;
    BOOKING_CANCELLED_PRACTICE "booking_cancelled_practice" "A booking is cancelled" PracticeManager AtOnce always 1 work::booking::messages::booking_cancelled_practice;
    CLEARANCES_WEEKLY "clearances_weekly" "Clearances that end" BankAdministrator AtOnce declinable 8 people::credential::messages::clearances_weekly;
    UNFILLED_WEEKLY "unfilled_weekly" "Unfilled sessions of the next two weeks" Commissioner AtOnce declinable 8 insight::fill_rate::messages::unfilled_weekly;
    DIGEST "digest" "The daily email, with open sessions that fit you" Clinician AtOnce declinable 7 letters::digest::messages::digest;
    SESSION_ALERT "session_alert" "New sessions near a place of your alerts" Clinician Digestible declinable 5 letters::alert::messages::session_alert;
    ALERT_LAPSING "alert_lapsing" "An alert of yours is about to end" Clinician Digestible declinable 7 letters::alert::messages::alert_lapsing;
    ADDRESS_STOPPED "address_stopped" "An address takes no mail" BankAdministrator Digestible declinable 6 letters::bounce::messages::address_stopped;
}

#[cfg(test)]
mod tests {
    use super::{MESSAGES, find};
    use crate::ground::id::BankId;
    use crate::ground::mail::Letterhead;
    use crate::ground::mail::specimen::Specimen;

    #[test]
    fn every_message_has_a_name_of_its_own() {
        let mut names: Vec<&str> = MESSAGES.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), MESSAGES.len());
        assert!(find("session_offered").is_some() && find("nothing").is_none());
    }

    #[test]
    fn every_sample_is_of_its_own_kind() {
        let now = chrono::DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let specimen = Specimen::plain(BankId::new(), "Orchid bank", Letterhead::for_tests(), now);
        for kind in MESSAGES {
            let mail = kind.sample(&specimen).unwrap();
            assert_eq!(mail.kind, *kind, "the line of {} names another folder", kind.name);
            assert!((1..=9).contains(&kind.priority), "{}", kind.name);
        }
    }
}

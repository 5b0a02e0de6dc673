//! Who acts in a bank, as what: the people of a bank as its administrators see and keep them.
//!
//! ```text
//! (invited) ──▶ acts ──▶ ended ──▶ acts again
//! ```
//!
//! Ending a membership ends what its person can do here and nothing that they did: their record, their bookings and the log
//! stay. What relied on a clinician's acting here is judged anew. A bank keeps an administrator, whoever ends whom.

pub mod actions;
pub mod forms;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, Utc};

use crate::ground::id::{AccountId, ClinicianId, MembershipId};
use crate::ground::mail::Recipient;
use crate::ground::sign_in::PersonKind;

/// Where somebody stands in a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Standing {
    /// They were asked and have not come yet.
    Invited,
    /// They act here.
    Joined,
    /// They acted here.
    Ended,
}

impl Standing {
    /// All of them, in the order of lists.
    pub const ALL: [Self; 3] = [Self::Joined, Self::Invited, Self::Ended];

    /// The name in addresses and in statements.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Joined => "joined",
            Self::Ended => "ended",
        }
    }

    /// What people read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Joined => "Joined",
            Self::Ended => "Ended",
        }
    }
}

/// Which people are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A part of their name or address; "" for everybody.
    pub search: String,
    /// As what; none for all kinds.
    pub kind: Option<PersonKind>,
    /// Where they stand; none for those who act here or are invited.
    pub standing: Option<Standing>,
}

/// A person who acts in the bank, or acted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether their account is closed, in all banks.
    pub is_closed: bool,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// How many sign-ins of theirs in this bank go on, as far as they have not run out.
    pub sign_ins: i64,
}

impl Person {
    /// Where mail reaches them.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient { address: self.email.clone(), name: self.name.clone(), account: Some(self.account) }
    }
}

/// One of a person's memberships of the bank.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MembershipLine {
    /// The membership.
    pub id: MembershipId,
    /// As what.
    pub kind: PersonKind,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when, where it has ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When they last began to act in it.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// For a practice manager, the names of their practices.
    pub practices: Vec<String>,
    /// Those of them that nobody else manages.
    pub unmanaged_without: Vec<String>,
    /// For a clinician, their record.
    pub clinician: Option<ClinicianId>,
    /// Whether it is the only administrator's of the bank.
    pub is_last_administrator: bool,
}

//! Accounts, memberships and sign-ins.
//!
//! One person has one account and a membership in each bank they act in; a *sign-in* is their authenticated browser
//! state, acting in one membership. Who has forgotten their password gets a link to a new one by email:
//!
//! ```text
//! alive ──▶ used        a new password was chosen with it
//!    ├────▶ withdrawn   a newer link was asked for, or the password was changed
//!    └────▶ expired     after 30 minutes
//! ```

pub mod actions;
pub mod attempt;
pub mod browser;
pub mod forms;
pub mod jobs;
pub mod known_device;
pub mod messages;
pub mod pages;
pub mod password;
pub mod password_proof;
pub mod second_factor;
pub mod store;

use chrono::TimeDelta;

use self::password::OwnWords;
use crate::ground::id::{AccountId, BankId};
use crate::ground::mail::Recipient;

/// A link to a new password is of use for so long.
pub const LINK_LASTS: TimeDelta = TimeDelta::minutes(30);

/// A link that is younger than this is not replaced: whoever asks on and on for somebody else does not spoil the link that
/// they are just about to follow, nor fill their mailbox.
pub const LINK_STAYS: TimeDelta = TimeDelta::minutes(5);

/// The links by which both mailboxes confirm a new address are of use for so long.
pub const ADDRESS_LINKS_LAST: TimeDelta = TimeDelta::hours(24);

/// Which of the two mailboxes of whoever changes their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// That of the address they have.
    Old,
    /// That of the address they want.
    New,
}

impl Mailbox {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Old, Self::New];
}

/// The person of an account that can sign in, and the bank they joined first, which writes to them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Holder {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The Argon2id hash of their password; none until they have chosen one.
    pub password_hash: Option<String>,
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
}

impl Holder {
    /// The words that a new password of theirs must not be made of.
    #[must_use]
    pub fn own_words(&self) -> OwnWords {
        OwnWords::of(&[&self.name, &self.email, &self.bank_name])
    }

    /// Where mail reaches them.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient { address: self.email.clone(), name: self.name.clone(), account: Some(self.account) }
    }
}

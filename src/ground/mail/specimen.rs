//! Data to write a message with when there is no occasion: the list of messages shows plain data, the tests strange.

use chrono::{DateTime, Utc};

use super::{Letterhead, Recipient};
use crate::ground::id::BankId;

/// What people typed, and the instant at which it is read.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// The bank it is written for.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The name of whom it is to.
    pub name: String,
    /// Where mail reaches them.
    pub address: String,
    /// Another person's name.
    pub other_name: String,
    /// A practice's name.
    pub practice: String,
    /// Where the practice is.
    pub place: String,
    /// What a practice adds to a session.
    pub note: String,
    /// Why something was taken back, a sentence.
    pub reason: String,
    /// Who writes.
    pub letterhead: Letterhead,
    /// When it is written.
    pub now: DateTime<Utc>,
}

impl Specimen {
    /// What one would expect.
    #[must_use]
    pub fn plain(bank: BankId, bank_name: &str, letterhead: Letterhead, now: DateTime<Utc>) -> Self {
        let owned = str::to_owned;
        Self {
            bank,
            bank_name: owned(bank_name),
            name: owned("Dr Ann Example"),
            address: owned("ann@example.org"),
            other_name: owned("Dr Bea Example"),
            practice: owned("Orchid House Surgery"),
            place: owned("1 High Street, Orchester, DT1 1AA"),
            note: owned("Park behind the building."),
            reason: owned("Our own GP is back from leave."),
            letterhead,
            now,
        }
    }

    /// Whom the message is to.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient { address: self.address.clone(), name: self.name.clone(), account: None }
    }
}

//! What clinicians are told about their documents: one folder a message.

pub mod document_ending;
pub mod document_sent_back;

use chrono::NaiveDate;

use crate::ground::id::{BankId, ClinicianId};
use crate::ground::mail::Recipient;
use crate::ground::mail::kinds::messages;

messages! {
    DOCUMENT_SENT_BACK document_sent_back "A document is sent back" Clinician AtOnce always 4;
    DOCUMENT_ENDING document_ending "Your document ends soon" Clinician AtOnce always 5;
}

/// A recorded document that ends soon, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// Whose it is.
    pub clinician: ClinicianId,
    /// Where mail reaches them.
    pub to: Recipient,
    /// The document's code.
    pub competency: String,
    /// Its name.
    pub document: String,
    /// Its last day.
    pub valid_through: NaiveDate,
    /// Whether their role needs it.
    pub is_needed: bool,
}

//! What is written about mail that came back.

pub mod address_stopped;

use crate::ground::mail::kinds::messages;

messages! {
    ADDRESS_STOPPED address_stopped "An address takes no mail" BankAdministrator Digestible declinable 6;
}

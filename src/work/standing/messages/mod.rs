//! What administrators are told about those who wait to be cleared.

pub mod waits_to_be_cleared;

use crate::ground::mail::kinds::messages;

messages! {
    WAITS_TO_BE_CLEARED waits_to_be_cleared "Who waits to be cleared" BankAdministrator AtOnce declinable 8;
}

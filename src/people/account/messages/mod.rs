//! What people are told about their account: one folder a message.

pub mod address_changed;
pub mod address_link;
pub mod password_changed;
pub mod password_link;
pub mod second_factor_changed;

use super::Holder;
use crate::ground::id::AccountId;
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;

messages! {
    PASSWORD_LINK password_link "A link to a new password" Everybody AtOnce always 1;
    PASSWORD_CHANGED password_changed "Your password has been changed" Everybody AtOnce always 1;
    ADDRESS_LINK address_link "Confirm your new email address" Everybody AtOnce always 1;
    ADDRESS_CHANGED address_changed "Your email address has been changed" Everybody AtOnce always 1;
    SECOND_FACTOR_CHANGED second_factor_changed "Your second factor has changed" Everybody AtOnce always 1;
}

/// The person of the specimen.
fn example(specimen: &Specimen) -> Holder {
    Holder {
        account: AccountId::default(),
        name: specimen.name.clone(),
        email: specimen.address.clone(),
        password_hash: None,
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
    }
}

//! What people who are invited are told.

pub mod invitation;

use crate::ground::mail::kinds::messages;

messages! {
    INVITATION invitation "You are invited to join a bank" Invited AtOnce always 2;
}

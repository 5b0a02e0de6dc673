//! What people who are invited are told.

pub mod invitation;
pub mod joining;

use crate::ground::mail::kinds::messages;

messages! {
    INVITATION invitation "You are invited to join a bank" Invited AtOnce always 2;
    JOINING joining "Go on joining a bank" Invited AtOnce always 1;
}

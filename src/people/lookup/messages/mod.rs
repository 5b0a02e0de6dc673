//! What people are told about registers: one folder a message.

pub mod off_register;

use crate::ground::mail::kinds::messages;

messages! {
    OFF_REGISTER off_register "The register does not have you" Clinician AtOnce always 4;
}

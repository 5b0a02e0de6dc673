//! The pages of those who invite, of those who join, and the public page of a bank.

pub mod bank;
pub mod invite;
pub mod join;
pub mod list;

use super::InvitationState;
use super::actions::InvitationError;
use super::actions::accept::AcceptError;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::errors::AppError;
use crate::ground::words;

impl From<InvitationError> for AppError {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::NotTheirs => Self::NotFound,
            InvitationError::Ended(InvitationState::Accepted) => Self::conflict(
                "They have joined already",
                "The invitation was used before you pressed the button. Nothing was changed.",
            ),
            InvitationError::Ended(_) => Self::conflict(
                "The invitation was withdrawn already",
                "Its link can’t be used any more. To ask them again, invite them anew.",
            ),
            InvitationError::Unwritten(error) => Self::internal("writing an invitation", error),
            InvitationError::Db(error) => error.into(),
        }
    }
}

impl From<AcceptError> for AppError {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::Gone => Self::NotFound,
            AcceptError::AccountThere => Self::conflict(
                "You have an account now",
                "It was made while you filled in the form. Open the link again and use its password.",
            ),
            AcceptError::Terms(error) => error.into(),
            AcceptError::Reliance(error) => error.into(),
            AcceptError::Db(error) => error.into(),
        }
    }
}

/// "Practice manager of Orchid House Surgery".
fn invited_as(kind: PersonKind, practices: &[String]) -> String {
    if practices.is_empty() {
        kind.name().to_owned()
    } else {
        format!("{} of {}", kind.name(), words::list(practices))
    }
}

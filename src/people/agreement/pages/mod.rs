//! The terms of use, to be read by everybody and accepted by whoever acts in the bank.

mod terms;

pub use self::terms::{accept, own_terms, public_terms};

use super::actions::NotAccepted;
use crate::ground::web::errors::AppError;

impl From<NotAccepted> for AppError {
    fn from(error: NotAccepted) -> Self {
        match error {
            NotAccepted::NotInForce => Self::conflict(
                "The terms of use have changed meanwhile",
                "Go back, read what they say now, and accept them then. Nothing was accepted.",
            ),
            NotAccepted::Nobody => Self::NotFound,
            NotAccepted::Database(error) => error.into(),
        }
    }
}

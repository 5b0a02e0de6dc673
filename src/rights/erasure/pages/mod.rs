//! The pages by which somebody is erased: their own, and a bank's for whoever asks by letter.

pub mod own;
pub mod person;

use super::actions::ErasureError;
use super::{Kept, Obstacle};
use crate::ground::form_fields::{Field, FieldErrors};
use crate::ground::web::errors::AppError;

/// The field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EraseField {
    Password,
}

impl Field for EraseField {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

fn wrong_password() -> FieldErrors<EraseField> {
    FieldErrors::one(EraseField::Password, "Check your password. It is not the one of your account")
}

/// What is kept, as a line of a page.
pub(crate) struct KeptLine {
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) lasts: String,
}

/// What is kept, as pages list it.
pub(crate) fn lines(kept: &[Kept]) -> Vec<KeptLine> {
    let line = |kept: &Kept| KeptLine {
        what: format!("{}: {}", kept.what, crate::ground::words::number(kept.count)),
        why: kept.why.clone(),
        lasts: kept.lasts(),
    };
    kept.iter().map(line).collect()
}

fn sentences(obstacles: &[Obstacle]) -> Vec<String> {
    obstacles.iter().map(Obstacle::sentence).collect()
}

impl From<ErasureError> for AppError {
    fn from(error: ErasureError) -> Self {
        match error {
            ErasureError::NotFound => Self::NotFound,
            ErasureError::Obstacles(obstacles) => Self::conflict(
                "Nothing was erased",
                obstacles.iter().map(Obstacle::sentence).collect::<Vec<_>>().join(" "),
            ),
            ErasureError::Database(error) => error.into(),
        }
    }
}

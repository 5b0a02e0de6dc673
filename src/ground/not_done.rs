//! Why an action was not done, where there is no more to say than that what it is about is not there.
//!
//! An action with more to say has an enum of its own, with a variant for each thing its caller can act on.

use crate::ground::db::DbError;
use crate::ground::facts::FactError;

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// There is no such record, or it is somebody else's: the two look the same.
    #[error("acting on a record that is not there")]
    NotFound,
    /// The database failed.
    #[error("doing what was asked")]
    Database(#[source] DbError),
}

impl From<DbError> for NotDone {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<NotDone> for FactError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotFound => Self::NotFound,
            NotDone::Database(error) => error.into(),
        }
    }
}

impl NotDone {
    /// Done where something was changed; otherwise what it is about is not there.
    pub fn unless(is_changed: bool) -> Result<(), Self> {
        if is_changed { Ok(()) } else { Err(Self::NotFound) }
    }
}

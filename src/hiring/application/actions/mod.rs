//! What applicants can do with an application.

pub mod begin;
pub mod follow;
pub mod remind;
pub mod send;
pub mod write;

use super::{Application, State, store};
use crate::ground::db::{DbError, Tx};
use crate::ground::not_done::NotDone;

/// The application of whoever holds its link; none where they hold none.
pub async fn find_own(tx: &mut Tx) -> Result<Application, NotDone> {
    store::find_own(tx).await?.ok_or(NotDone::NotFound)
}

/// Why an application stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// There is no such application of theirs.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("changing an application")]
    Database(#[from] DbError),
    /// Its mail could not be written.
    #[error("writing a mail about an application")]
    Mail(#[from] askama::Error),
    /// The vacancy takes none any more.
    #[error("sending an application to a vacancy that is closed")]
    Closed,
    /// It was sent before, or taken back.
    #[error("writing to an application that is sent")]
    Sent,
    /// From where it stands it does not go there; or somebody was quicker.
    #[error("taking an application from {0:?} to {1:?}")]
    OtherStep(State, State),
    /// Somebody with that address has applied for it already.
    #[error("applying twice for one vacancy")]
    Twice,
}

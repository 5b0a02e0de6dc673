//! Why the booking desk could not do what it was asked.

use super::refusal::Refusal;
use crate::eligibility::obstacle::Obstacle;
use crate::ground::db::DbError;
use crate::ground::not_done::NotDone;
use matching_check::Fault;

/// Why the booking desk could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// It said no.
    #[error("asking the booking desk")]
    Refused(#[source] Refusal),
    /// There is no such session, clinician, offer or booking, or they do not belong together.
    #[error("asking the booking desk about something that is not there")]
    NotFound,
    /// The facts make no sense to the rules.
    #[error("judging a booking")]
    Unjudged(#[source] Fault),
    /// A mail could not be written.
    #[error("writing a mail of the booking desk")]
    Unwritten(#[source] askama::Error),
    /// The database failed, or refused what the desk did not foresee.
    #[error("keeping a booking or an offer")]
    Database(#[source] DbError),
}

impl From<DbError> for DeskError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Obstacle> for DeskError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Refused(obstacle.into())
    }
}

impl From<NotDone> for DeskError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotFound => Self::NotFound,
            NotDone::Database(error) => Self::Database(error),
        }
    }
}

//! Why the booking desk could not do what it was asked.

use super::refusal::Refusal;
use crate::eligibility::obstacle::Obstacle;
use crate::ground::db::DbError;
use crate::ground::facts::FactError;
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
    /// What relied on what people are booked for could not be settled.
    #[error("settling what relied on a booking")]
    Unsettled(#[source] Box<FactError>),
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

impl From<FactError> for DeskError {
    fn from(error: FactError) -> Self {
        match error {
            FactError::NotFound => Self::NotFound,
            FactError::Database(error) => Self::Database(error),
            other => Self::Unsettled(Box::new(other)),
        }
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

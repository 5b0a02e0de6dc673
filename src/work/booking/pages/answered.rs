//! What a page answers when the booking desk says no.

use chrono::{DateTime, Utc};

use crate::eligibility::words::Audience;
use crate::ground::web::errors::AppError;
use crate::work::booking::error::DeskError;

/// What the edge answers: a refusal conflicts with what has happened since, and says so in its own words.
#[must_use]
pub fn answered(error: DeskError, now: DateTime<Utc>) -> AppError {
    answered_to(Audience::Clinician, error, now)
}

/// The same to somebody else than the clinician.
#[must_use]
pub fn answered_to(audience: Audience, error: DeskError, now: DateTime<Utc>) -> AppError {
    match error {
        DeskError::Refused(refusal) => {
            AppError::conflict(refusal.sentence(audience, now), refusal.next_step(audience))
        }
        DeskError::NotFound => AppError::NotFound,
        DeskError::Database(error) => error.into(),
        other @ (DeskError::Unjudged(_) | DeskError::Unwritten(_) | DeskError::Unsettled(_)) => {
            AppError::internal("asking the booking desk", other)
        }
    }
}

//! What can be said of what was worked.

pub mod query;
pub mod remind;
pub mod say;
pub mod sign_off;

use crate::ground::actor::Actor;
use crate::ground::db::{DbError, Tx};
use crate::ground::id::BookingId;
use crate::ground::not_done::NotDone;
use crate::ground::sign_in::PersonKind;
use crate::pay::worked::store::works::{Work, find_own_work};

/// Why something was not said.
#[derive(Debug, thiserror::Error)]
pub enum NotSaid {
    /// There is no such booking of theirs.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("keeping what was worked")]
    Database(#[from] DbError),
    /// A mail could not be written.
    #[error("writing a mail about what was worked")]
    Mail(#[from] askama::Error),
    /// It was cancelled, or is not over.
    #[error("saying what was worked before it was")]
    NotOver,
    /// Somebody else has signed it off since it was read.
    #[error("signing off what somebody has signed off since")]
    Since,
    /// It says something else than was booked or said before, and not why.
    #[error("signing off otherwise without a reason")]
    Unreasoned,
    /// It takes what was not agreed when it was booked.
    #[error("signing off what was not agreed")]
    NotAgreed,
    /// It is signed off, so that what the clinician would have said has its answer.
    #[error("saying what was worked after it was signed off")]
    SignedOff,
    /// A question waits for its answer already.
    #[error("asking twice about a sign-off")]
    Asked,
    /// There is nothing to ask about, or nothing to answer.
    #[error("asking about what is not signed off")]
    NothingThere,
}

/// The booking of that id with what was said of it, if it is the own of whoever acts as `kind`.
async fn own_work(tx: &mut Tx, kind: PersonKind, booking: BookingId) -> Result<Work, NotSaid> {
    let is_kind = matches!(tx.actor(), Actor::Member { kind: own, .. } if own == kind);
    let membership = tx.membership().filter(|_| is_kind).ok_or(NotDone::NotFound)?;
    Ok(find_own_work(tx, membership, booking).await?.ok_or(NotDone::NotFound)?)
}

//! What a practice can do with a vacancy.

pub mod ask;
pub mod decide;
pub mod draft;
pub mod publish;

use super::{Vacancy, store};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::VacancyId;
use crate::ground::not_done::NotDone;

/// Why a vacancy stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// There is no such vacancy of theirs.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("changing a vacancy")]
    Database(#[from] DbError),
    /// Somebody else has changed it since it was read.
    #[error("changing a vacancy that somebody has changed since")]
    Since,
    /// It was published already, so that it is no draft.
    #[error("taking an advertised vacancy for a draft")]
    Advertised,
    /// It is closed: what it said stays as it was.
    #[error("changing a vacancy that is closed")]
    Closed,
    /// It would close before it opens.
    #[error("publishing a vacancy that would be closed when it opens")]
    ClosesBeforeItOpens,
    /// So many applicants wait for an answer.
    #[error("saying what came of a vacancy while {0} applicants wait")]
    Unanswered(i64),
    /// What came of it was said already.
    #[error("saying anew what came of a vacancy")]
    Settled,
}

/// The vacancy of that id, unless whoever acts does not manage its practice: then there is none.
pub async fn find_own(tx: &mut Tx, id: VacancyId) -> Result<Vacancy, NotDone> {
    store::own::find_own_vacancy(tx, id).await?.ok_or(NotDone::NotFound)
}

/// The same, locked, and of the version that whoever acts has seen.
async fn lock_as_seen(tx: &mut Tx, id: VacancyId, version: i32) -> Result<Vacancy, NotChanged> {
    let vacancy = store::own::lock_own_vacancy(tx, id).await?.ok_or(NotDone::NotFound)?;
    if vacancy.version == version { Ok(vacancy) } else { Err(NotChanged::Since) }
}

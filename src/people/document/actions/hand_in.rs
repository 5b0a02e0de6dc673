//! A clinician hands in a document of their own. It takes the place of one of its kind that waits.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, DocumentOf, Happened};
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::lock_own;
use crate::people::document::seal::{Sealed, Whose};
use crate::people::document::store;
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::store::list_competencies;

/// The most documents that one person hands in within a day: every kind a few times, and no more than fills a disk slowly.
pub const MOST_A_DAY: i64 = 20;

/// A document to be handed in, its file sealed.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// Whose it is.
    pub whose: Whose,
    /// What it is to show: a competency's code.
    pub competency: String,
    /// The last day as its person reads it; none where they say that it does not end.
    pub said_valid_through: Option<NaiveDate>,
    /// What they call the file.
    pub file_name: String,
    /// The file's size before it was sealed, in bytes.
    pub bytes: i32,
    /// Whether it was looked through for viruses.
    pub is_virus_checked: bool,
    /// The file.
    pub sealed: Sealed,
}

/// Why a document was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// They have handed in as many within a day as anybody may.
    #[error("handing in more documents than a day takes")]
    TooMany,
    /// It is not theirs, or no document of that kind is known.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("handing in a document")]
    Database(#[from] DbError),
}

/// Keeps a document of whoever acts, to be looked at.
pub async fn hand_in(tx: &mut Tx, new: &NewDocument) -> Result<(), NotTaken> {
    let own = lock_own(tx).await?;
    let known = list_competencies(tx).await?;
    let is_document = known.iter().any(|it| it.code == new.competency && it.kind == CompetencyKind::Document);
    NotDone::unless(is_document && own == new.whose.clinician && tx.bank() == new.whose.bank)?;
    let since = tx.now() - TimeDelta::days(1);
    if store::count_since(tx, own, since).await? >= MOST_A_DAY {
        return Err(NotTaken::TooMany);
    }
    let replaced = store::mark_replaced(tx, own, &new.competency).await?;
    store::insert_document(tx, new).await?;
    let of = DocumentOf { document: new.whose.document, clinician: own, competency: new.competency.clone() };
    events::record(tx, &[Happened::DocumentHandedIn(of)]).await?;
    let detail = json!({
        "competency": new.competency,
        "said_valid_through": new.said_valid_through,
        "kind": new.whose.kind.code(),
        "bytes": new.bytes,
        "replaces": replaced,
    });
    Ok(audit::record(tx, Action::DocumentHandedIn, new.whose.document, detail).await?)
}

//! A file is opened by whose it is, or by an administrator of their bank, and the log tells of each time.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::find_own;
use crate::people::document::seal::{DocumentKeys, SealError, Whose};
use crate::people::document::{Document, store};

/// A file that was opened.
#[derive(Debug)]
pub struct Opened {
    /// Of which document it is.
    pub document: Document,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// There is none, or it is somebody else's.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// It can't be unsealed.
    #[error("opening a document")]
    Sealed(#[from] SealError),
    /// The database failed.
    #[error("opening a document")]
    Database(#[from] DbError),
}

/// Opens a document of whoever acts.
pub async fn open_own(tx: &mut Tx, keys: &DocumentKeys, id: DocumentId) -> Result<Opened, NotOpened> {
    let own = find_own(tx).await?;
    open_of_clinician(tx, keys, (own, id)).await
}

/// Opens a document of a clinician of the bank.
pub async fn open_of_clinician(
    tx: &mut Tx,
    keys: &DocumentKeys,
    (clinician, id): (ClinicianId, DocumentId),
) -> Result<Opened, NotOpened> {
    let document = store::find_document(tx, clinician, id).await?.ok_or(NotDone::NotFound)?;
    let sealed = store::find_file(tx, id).await?.ok_or(NotDone::NotFound)?;
    let whose = Whose { bank: tx.bank(), clinician, document: id, kind: document.kind };
    let bytes = keys.open(&whose, sealed)?;
    let detail = json!({ "clinician": clinician, "competency": document.competency });
    audit::record(tx, Action::DocumentOpened, id, detail).await?;
    Ok(Opened { document, bytes })
}

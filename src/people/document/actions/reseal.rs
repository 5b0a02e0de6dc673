//! Files that an older key has sealed are sealed by the newest, one after the other, so that the older key can go. What a
//! file holds, and whose it is, stays as it was; nobody reads it, so the log tells of none.

use crate::ground::db::{DbError, Tx};
use crate::ground::id::DocumentId;
use crate::people::document::seal::{DocumentKeys, SealError};
use crate::people::document::store;
use crate::people::document::store::reseal::{find_sealed_by, replace_file};

/// Why a file was not sealed again.
#[derive(Debug, thiserror::Error)]
pub enum NotResealed {
    /// It is not what was sealed, or can't be sealed.
    #[error("sealing the file of the document {0} again")]
    Sealed(DocumentId, #[source] SealError),
    /// The database failed.
    #[error("sealing files again")]
    Database(#[from] DbError),
}

/// Seals one file of any bank by the newest key that an older one has sealed; false where there is none left.
pub async fn reseal_one(tx: &mut Tx, keys: &DocumentKeys) -> Result<bool, NotResealed> {
    let Some(whose) = find_sealed_by(tx, &keys.older()).await? else { return Ok(false) };
    tx.go_to_bank(whose.bank).await?;
    let failed = |error| NotResealed::Sealed(whose.document, error);
    if let Some(sealed) = store::find_file(tx, whose.document).await? {
        let plain = keys.open(&whose, sealed).map_err(failed)?;
        let sealed = keys.seal(&whose, plain).map_err(failed)?;
        replace_file(tx, whose.document, &sealed).await?;
    }
    Ok(true)
}

//! Somebody accepts the terms of use.

use serde_json::json;

use super::store;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::MembershipId;
use crate::terms::rules::Section;
use crate::terms::rules::store::find_newest;

/// Why nothing was accepted.
#[derive(Debug, thiserror::Error)]
pub enum NotAccepted {
    /// Another version is in force than the one they have read, or none.
    #[error("accepting terms of use that are not in force")]
    NotInForce,
    /// Nobody acts in a membership.
    #[error("accepting terms of use for nobody")]
    Nobody,
    /// The database failed.
    #[error("accepting terms of use")]
    Database(#[from] DbError),
}

/// Whoever acts accepts this version, which they have read, for what they do in the bank.
pub async fn accept_terms(tx: &mut Tx, version: i32) -> Result<(), NotAccepted> {
    let membership = tx.membership().ok_or(NotAccepted::Nobody)?;
    accept_for(tx, membership, version).await
}

/// The same for a membership that has only just begun.
pub async fn accept_for(tx: &mut Tx, membership: MembershipId, version: i32) -> Result<(), NotAccepted> {
    let newest = find_newest(tx, Section::Terms).await?;
    if newest.is_none_or(|newest| newest.number != version) {
        return Err(NotAccepted::NotInForce);
    }
    if store::insert_acceptance(tx, membership, version).await? {
        audit::record(tx, Action::TermsAccepted, membership, json!({ "version": version })).await?;
    }
    Ok(())
}

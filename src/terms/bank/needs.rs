//! The documents that roles need, as a bank decides: nobody of the role works beyond the end of one, nor without it.

use chrono::NaiveDate;
use serde_json::json;

use super::store::needs as store;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliants};

/// What a new bank's roles need, by code: a GP works with indemnity alone.
pub const CUSTOMARY: [(&str, &str); 1] = [("gp", "indemnity")];

/// That a role needs a document.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Need {
    /// The role's code.
    pub role: String,
    /// Its name.
    pub role_name: String,
    /// The document's code.
    pub document: String,
    /// Its name.
    pub document_name: String,
    /// The first day that it is needed.
    pub valid_from: NaiveDate,
}

/// Decides that a role needs a document from a date on. Offers to people without it end, and their bookings stand and are
/// put on the list of those to look at.
pub async fn need_document(
    tx: &mut Tx,
    reliants: &Reliants,
    (role, document): (&str, &str),
    valid_from: NaiveDate,
) -> Result<(), FactError> {
    if !store::is_known(tx, (role, document)).await? {
        return Err(FactError::NotFound);
    }
    let announced = reliants.announce(tx, FactChange::Needs(role.to_owned())).await?;
    store::upsert_need(tx, (role, document), valid_from).await?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "role": role, "document": document, "valid_from": valid_from });
    Ok(audit::record(tx, Action::RoleNeedDecided, tx.bank(), detail).await?)
}

/// Decides that a role needs a document no longer.
pub async fn need_no_longer(
    tx: &mut Tx,
    reliants: &Reliants,
    (role, document): (&str, &str),
) -> Result<(), FactError> {
    let announced = reliants.announce(tx, FactChange::Needs(role.to_owned())).await?;
    if !store::delete_need(tx, (role, document)).await? {
        return Err(FactError::NotFound);
    }
    reliants.settle(tx, announced).await?;
    let detail = json!({ "role": role, "document": document });
    Ok(audit::record(tx, Action::RoleNeedEnded, tx.bank(), detail).await?)
}

/// Gives a new bank what is customary, from the day it begins.
pub async fn insert_customary(tx: &mut Tx, today: NaiveDate) -> Result<(), DbError> {
    for need in CUSTOMARY {
        store::upsert_need(tx, need, today).await?;
    }
    Ok(())
}

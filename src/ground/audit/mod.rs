//! The log of who changed what. Rows are added, never changed; the database refuses anything else. What is sealed is ids and
//! salted hashes; what was said lies beside the log, where erasing a person empties it.

mod action;
pub mod jobs;
pub mod pages;
pub mod seal;
pub mod store;

use serde_json::Value;

pub use self::action::{Action, Subject};
use crate::ground::db::{DbError, Tx};

/// Writes into the log that whoever acts in `tx` has done something to a record. `detail` says what changed, without
/// names or addresses of people.
pub async fn record(
    tx: &mut Tx,
    action: Action,
    subject: impl Into<Subject>,
    detail: Value,
) -> Result<(), DbError> {
    let by = tx.account();
    store::insert_event(tx, by, action, subject.into(), &detail).await
}

/// The same, of what the service does by itself in somebody's transaction, as a consequence of what they did.
pub async fn record_consequence(
    tx: &mut Tx,
    action: Action,
    subject: impl Into<Subject>,
    detail: Value,
) -> Result<(), DbError> {
    store::insert_event(tx, None, action, subject.into(), &detail).await
}

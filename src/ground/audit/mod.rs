//! The log of who changed what. Rows are added, never changed; the database refuses anything else. What is sealed is ids and
//! salted hashes; what was said lies beside the log, where erasing a person empties it.

mod action;
mod facts;
pub mod jobs;
pub mod pages;
pub mod seal;
pub mod store;

use serde_json::{Value, json};

pub use self::action::{Action, Subject};
use crate::ground::db::{DbError, Tx};

/// A detail that says what was changed, from what to what: `now` with what of it was otherwise under `was`.
///
/// ```
/// # use locumbank::ground::audit::changed;
/// # use serde_json::json;
/// let detail = changed(json!({ "until": "2026-06-01", "role": "gp" }), json!({ "until": "2027-06-01", "role": "gp" }));
/// assert_eq!(detail, json!({ "until": "2027-06-01", "role": "gp", "was": { "until": "2026-06-01" } }));
/// ```
#[must_use]
pub fn changed(before: Value, now: Value) -> Value {
    let (Value::Object(before), Value::Object(mut now)) = (before, now) else { return json!({}) };
    let was: serde_json::Map<String, Value> =
        before.into_iter().filter(|(name, value)| now.get(name) != Some(value)).collect();
    now.insert("was".to_owned(), Value::Object(was));
    Value::Object(now)
}

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

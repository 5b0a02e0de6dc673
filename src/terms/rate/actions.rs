//! What a commissioner can do: publish a range.

use serde_json::json;

use super::store::{self, NewRange};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};

/// Publishes a range. One of that id is published once, however often it is asked for.
pub async fn publish_range(tx: &mut Tx, range: &NewRange) -> Result<(), DbError> {
    if !store::insert_range(tx, range).await? {
        return Ok(());
    }
    let detail = json!({
        "role": range.role,
        "band": range.band.code(),
        "valid_from": range.valid_from,
        "floor_pence_per_hour": range.floor_pence_per_hour,
        "ceiling_pence_per_hour": range.ceiling_pence_per_hour,
    });
    audit::record(tx, Action::RateRangePublished, range.id, detail).await
}

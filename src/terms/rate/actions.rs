//! What a commissioner can do: publish a range.

use serde_json::json;

use super::store::{self, NewRange};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events;

/// Publishes a range, and says whether it is the one that counts from its date on: one of that id is published once, however
/// often it is asked for, and another may have replaced it since.
pub async fn publish_range(tx: &mut Tx, range: &NewRange) -> Result<bool, DbError> {
    if !store::insert_range(tx, range).await? {
        let table = store::load_rate_table(tx).await?;
        let counting = table.in_force(&range.role, range.band, range.valid_from);
        return Ok(counting.is_some_and(|counting| counting.id == range.id));
    }
    events::record(tx, &[range.as_published()]).await?;
    let detail = json!({
        "role": range.role,
        "band": range.band.code(),
        "valid_from": range.valid_from,
        "floor_pence_per_hour": range.floor_pence_per_hour,
        "ceiling_pence_per_hour": range.ceiling_pence_per_hour,
    });
    audit::record(tx, Action::RateRangePublished, range.id, detail).await?;
    Ok(true)
}

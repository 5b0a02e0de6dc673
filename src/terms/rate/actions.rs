//! What a commissioner can do: publish a range.

use serde_json::json;

use super::store::{self, NewRange};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events;
use crate::ground::facts::{FactChange, FactError, Reliants};

/// Publishes a range, ends what is offered outside it, and says whether it is the one that counts from its date on: one of
/// that id is published once, however often it is asked for, and another may have replaced it since.
pub async fn publish_range(tx: &mut Tx, reliants: &Reliants, range: &NewRange) -> Result<bool, FactError> {
    let change = FactChange::Range(range.role.clone(), range.band.code().to_owned(), range.valid_from);
    let announced = reliants.announce(tx, change).await?;
    if !store::insert_range(tx, range).await? {
        let table = store::load_rate_table(tx).await?;
        let counting = table.in_force(&range.role, range.band, range.valid_from);
        return Ok(counting.is_some_and(|counting| counting.id == range.id));
    }
    reliants.settle(tx, announced).await?;
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

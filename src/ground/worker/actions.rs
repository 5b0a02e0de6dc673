//! What an administrator can do about background work.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::JobId;
use crate::ground::not_done::NotDone;
use crate::ground::queue::store::dead;

/// Puts a job of the bank, or of the whole service, that was given up back into the queue. False where the same work is
/// under way already.
pub async fn put_back_job(tx: &mut Tx, id: JobId) -> Result<bool, NotDone> {
    NotDone::unless(dead::find_dead(tx, id).await?.is_some())?;
    let is_back = dead::mark_put_back(tx, id).await?;
    if is_back {
        audit::record(tx, Action::JobPutBack, id, json!({})).await?;
    }
    Ok(is_back)
}

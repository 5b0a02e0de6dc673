//! What requests need done by themselves: they end where their session wants nobody any more.

use serde_json::Value;

use super::actions::end_overtaken;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;
use crate::work::booking::error::DeskError;

/// Ends every request whose session was filled or withdrawn, or has begun, and tells its clinician.
pub async fn end_requests(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let ended = end_overtaken(&mut tx, &letterhead).await.map_err(|error| match error {
            DeskError::Database(error) => error.into(),
            other => JobError::Failed(other.to_string()),
        })?;
        tx.commit().await?;
        if ended == 0 {
            return Ok(());
        }
    }
}

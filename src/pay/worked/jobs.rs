//! What sign-offs need done by themselves: practices are reminded. Nothing is ever signed off here.

use serde_json::Value;

use super::actions::NotSaid;
use super::actions::remind::remind_to_sign_off as remind;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;

/// Reminds practices of what waits to be signed off.
pub async fn remind_to_sign_off(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    remind(&mut tx, &letterhead).await.map_err(|error| match error {
        NotSaid::Database(error) => error.into(),
        other => JobError::Failed(other.to_string()),
    })?;
    Ok(tx.commit().await?)
}

//! What vacancies need done by themselves.

use serde_json::Value;

use super::actions::ask::{NotAsked, ask_what_came_of_them};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;

/// Asks practices what came of their vacancies that have closed.
pub async fn ask_outcomes(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    ask_what_came_of_them(&mut tx, &letterhead).await.map_err(|error| match error {
        NotAsked::Database(error) => error.into(),
        other @ NotAsked::Mail(_) => JobError::Failed(other.to_string()),
    })?;
    Ok(tx.commit().await?)
}

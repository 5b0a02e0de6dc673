//! What rounds need done by themselves: the next one is announced before it opens.

use serde_json::Value;

use super::actions::{NotAnnounced, announce_next_round};
use super::store::list_banks_without_next;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;

/// Announces the next round of each bank that holds rounds and has none to come. A bank that begins has its first
/// announced, and once that is open the one after.
pub async fn announce_rounds(app: &App, _payload: Value) -> Result<(), JobError> {
    let banks = list_banks_without_next(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        let mut tx = app.db.begin(Actor::job_of(bank)).await?;
        announce_next_round(&mut tx).await.map_err(|error| match error {
            NotAnnounced::Database(error) => error.into(),
            other @ NotAnnounced::Chance(_) => JobError::Failed(other.to_string()),
        })?;
        tx.commit().await?;
    }
    Ok(())
}

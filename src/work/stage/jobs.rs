//! What stages need done by themselves: that they have opened is noted, so that it is told and counted. They open by the
//! clock, whether or not this runs.

use serde_json::Value;

use super::actions::open_due;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;

/// Notes every stage that has opened.
pub async fn open_stages(app: &App, _payload: Value) -> Result<(), JobError> {
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let opened = open_due(&mut tx).await?;
        tx.commit().await?;
        if opened == 0 {
            return Ok(());
        }
    }
}

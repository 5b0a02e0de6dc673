//! What the booking desk does by itself: offers lapse when their time runs out.

use serde_json::Value;

use super::answer::lapse;
use crate::app::App;
use crate::jobs::JobError;

/// Lets every offer lapse whose time to answer has run out, in transactions of a size that holds nobody up.
pub async fn lapse_offers(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    loop {
        let lapsed = app.db.change(move |connection| Box::pin(lapse(connection, now))).await?;
        if lapsed == 0 {
            return Ok(());
        }
    }
}

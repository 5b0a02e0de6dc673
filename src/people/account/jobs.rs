//! Writes the mail with a link to a new password, where there is somebody to write to; and takes away what is over.

use chrono::TimeDelta;
use serde_json::Value;

use super::actions::forgotten::{Asked, send_link};
use super::store::address::delete_old;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::queue::JobError;
use crate::ground::sign_in::store::kept_form::delete_expired;

/// Links and sign-ins are kept for so long, for whoever has to find out what happened. The longest that the settings allow
/// either to last is a quarter of it.
const KEPT: TimeDelta = TimeDelta::days(28);

/// Sends the link that was asked for.
pub async fn send_password_link(tx: &mut Tx, app: &App, payload: &Value) -> Result<(), JobError> {
    let asked: Asked = serde_json::from_value(payload.clone())?;
    send_link(tx, &app.link_key, &asked).await
}

/// Takes away links to a new password, changes of address and sign-ins that have been over for long, and forms that were
/// kept for a day.
pub async fn clear_old_links(app: &App, _: Value) -> Result<(), JobError> {
    let before = app.clock.now() - KEPT;
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let cleared = delete_old(&mut tx, before).await? + delete_expired(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(cleared, "old sign-ins and kept forms were cleared");
    Ok(())
}

//! Sends the links that people ask for who join from the public page, and forgets what they began and left.

use serde_json::Value;

use super::FORGOTTEN_AFTER;
use super::actions::joining::{Asked, begin_joining};
use super::store::own::delete_lapsed;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::queue::JobError;

/// Sends the link that was asked for.
pub async fn send_joining_link(tx: &mut Tx, app: &App, payload: &Value) -> Result<(), JobError> {
    let asked: Asked = serde_json::from_value(payload.clone())?;
    begin_joining(tx, &app.link_key, &app.letterhead(), &asked).await
}

/// Forgets what was begun and whose link lapsed long ago.
pub async fn forget_begun(app: &App, _: Value) -> Result<(), JobError> {
    let before = app.clock.now() - FORGOTTEN_AFTER;
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let forgotten = delete_lapsed(&mut tx, before).await?;
    tx.commit().await?;
    tracing::info!(forgotten, "what people had begun to write who never joined was forgotten");
    Ok(())
}

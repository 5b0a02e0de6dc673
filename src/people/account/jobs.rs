//! Writes the mail with a link to a new password, where there is somebody to write to.

use serde_json::Value;

use super::actions::forgotten::{Asked, send_link};
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::queue::JobError;

/// Sends the link that was asked for.
pub async fn send_password_link(tx: &mut Tx, app: &App, payload: &Value) -> Result<(), JobError> {
    let asked: Asked = serde_json::from_value(payload.clone())?;
    send_link(tx, &app.link_key, &asked).await
}

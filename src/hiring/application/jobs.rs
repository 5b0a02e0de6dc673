//! Sends the links that people ask for who apply.

use serde_json::Value;

use super::actions::begin::{Asked, begin};
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::queue::JobError;

/// Sends the link that was asked for.
pub async fn send_application_link(tx: &mut Tx, app: &App, payload: &Value) -> Result<(), JobError> {
    let asked: Asked = serde_json::from_value(payload.clone())?;
    begin(tx, &app.link_key, &app.letterhead(), &asked).await
}

//! Sends the links that people ask for who apply, and reminds practices of who waits.

use serde_json::Value;

use super::actions::begin::{Asked, begin};
use super::actions::remind::{NotReminded, remind_of_applicants};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::queue::JobError;

/// Sends the link that was asked for.
pub async fn send_application_link(tx: &mut Tx, app: &App, payload: &Value) -> Result<(), JobError> {
    let asked: Asked = serde_json::from_value(payload.clone())?;
    begin(tx, &app.link_key, &app.letterhead(), &asked).await
}

/// Reminds practices of applicants who have waited for them for more than a week.
pub async fn remind_practices(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    remind_of_applicants(&mut tx, &letterhead).await.map_err(|error| match error {
        NotReminded::Database(error) => error.into(),
        other @ NotReminded::Mail(_) => JobError::Failed(other.to_string()),
    })?;
    Ok(tx.commit().await?)
}

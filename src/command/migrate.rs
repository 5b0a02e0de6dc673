//! `locumbank migrate`.

use secrecy::ExposeSecret as _;

use crate::command::CommandError;
use crate::command::calendar::keep_released;
use crate::command::database::open_unseen;
use crate::ground::db::health::{SchemaState, examine_at};
use crate::ground::settings::Settings;

/// Brings the schema of the database in `settings` up to date.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let before = examine_at(settings.database.url.expose_secret())
        .await
        .map_err(|error| CommandError::said(&error.to_string()))?;
    if let SchemaState::Later(applied) = before.schema() {
        say!("The schema is at {applied}, of a later version. Nothing was changed.");
        return Ok(());
    }
    let db = open_unseen(&settings, 1)?;
    db.migrate().await.map_err(|error| CommandError::new("Bringing the schema up to date", &error))?;
    let changed = keep_released(&db).await;
    for line in
        changed.map_err(|error| CommandError::new("Keeping the bank holidays of this release", &error))?
    {
        say!("{line}");
    }
    say!("The database is up to date.");
    Ok(())
}

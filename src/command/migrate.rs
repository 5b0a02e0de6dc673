//! `locumbank migrate`.

use secrecy::ExposeSecret as _;

use crate::command::CommandError;
use crate::command::calendar::keep_released;
use crate::command::database::open_unseen;
use crate::ground::db::health::{SchemaState, examine_at};
use crate::ground::db::roles;
use crate::ground::settings::Settings;

/// Brings the schema of the database in `settings` up to date.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let (owner, serving) = (settings.database.owner_url(), settings.database.url.expose_secret());
    let before = examine_at(owner).await.map_err(|error| CommandError::said(&error.to_string()))?;
    if let SchemaState::Later(applied) = before.schema() {
        say!("The schema is at {applied}, of a later version. Nothing was changed.");
        return Ok(());
    }
    roles::migrate(owner, serving)
        .await
        .map_err(|error| CommandError::new("Bringing the database up to date", &error))?;
    let db = open_unseen(&settings, 1)?;
    let changed = keep_released(&db).await;
    for line in
        changed.map_err(|error| CommandError::new("Keeping the bank holidays of this release", &error))?
    {
        say!("{line}");
    }
    say!("The database is up to date.");
    Ok(())
}

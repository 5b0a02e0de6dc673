//! `locumbank migrate`.

use secrecy::ExposeSecret;

use crate::command::CommandError;
use crate::ground::db::Db;
use crate::ground::settings::Settings;

/// Brings the schema of the database in `settings` up to date.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let db = Db::open(settings.database.url.expose_secret(), 1)
        .map_err(|error| CommandError::new("Opening the database", &error))?;
    db.migrate().await.map_err(|error| CommandError::new("Bringing the schema up to date", &error))?;
    say!("The database is up to date.");
    Ok(())
}

//! How a command comes to its database: what is wrong with it is said in a sentence before anything is asked of it.

use secrecy::ExposeSecret as _;

use crate::command::CommandError;
use crate::ground::clock::Clock;
use crate::ground::db::Db;
use crate::ground::db::health::{SchemaState, examine_at};
use crate::ground::settings::Settings;

/// Opens a pool of at most `connections` on the database of `settings`, once it is known to answer and to have a schema
/// that this binary understands.
pub async fn open_database(settings: &Settings, connections: u32) -> Result<Db, CommandError> {
    demand_ready(settings).await?;
    open_unseen(settings, connections)
}

/// Refuses unless the database of `settings` answers and has a schema that this binary understands.
pub async fn demand_ready(settings: &Settings) -> Result<(), CommandError> {
    let url = settings.database.url.expose_secret();
    let health = examine_at(url).await.map_err(|error| CommandError::said(&error.to_string()))?;
    demand_schema(health.schema())
}

/// Opens the same pool without looking: nothing connects before something is asked.
pub fn open_unseen(settings: &Settings, connections: u32) -> Result<Db, CommandError> {
    Db::open(settings.database.url.expose_secret(), connections, Clock::System)
        .map_err(|error| CommandError::new("Opening the database", &error))
}

/// Refuses what this binary can't work with.
pub fn demand_schema(schema: SchemaState) -> Result<(), CommandError> {
    match schema {
        SchemaState::Current | SchemaState::Later(_) => Ok(()),
        SchemaState::Missing => Err(CommandError::said("the database is empty: run locumbank migrate first")),
        SchemaState::Behind => Err(CommandError::said(
            "the database's schema is that of an earlier version: back it up, then run locumbank migrate",
        )),
    }
}

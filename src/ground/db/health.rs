//! What the database server says of itself.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::{DbError, MIGRATIONS, failed};

/// A server that has not answered after this long is taken to be away.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The server, and the schema in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseHealth {
    /// The server's version as one number: 150018 is 15.18.
    pub server_version: i32,
    /// What the server's clock shows.
    pub server_time: DateTime<Utc>,
    /// The last migration that was applied; none in an empty database.
    pub applied: Option<i64>,
}

/// How the schema in the database stands to the one this binary knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// There is none: nothing was ever migrated.
    Missing,
    /// It lacks migrations that this binary knows.
    Behind,
    /// They are the same.
    Current,
    /// A later version has been here, up to this migration. This binary works with it for one release.
    Later(i64),
}

/// The database of the settings can't be used, in words for whoever runs the service.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseAway {
    /// Its address is none.
    #[error("database.url (DATABASE_URL) can't be read: {}", said(.0))]
    Address(#[source] sqlx::Error),
    /// Nothing there answers, or it lets nobody in.
    #[error("the database at {place} can't be reached: {}; check that it runs, and database.url (DATABASE_URL)", said(.source))]
    Unreachable {
        /// Host and port, or socket.
        place: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// It answers, and then fails.
    #[error(transparent)]
    Failing(#[from] DbError),
}

/// What the server or the network said, without the words the driver puts around it.
fn said(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(refusal) => refusal.message().to_owned(),
        sqlx::Error::Io(failure) => failure.to_string(),
        sqlx::Error::Configuration(fault) => fault.to_string(),
        other => other.to_string(),
    }
}

/// Connects to the database at `url` and asks it about itself. A connection of its own: a pool would try until its time
/// is up and then say that its time is up.
pub async fn examine_at(url: &str) -> Result<DatabaseHealth, DatabaseAway> {
    let options: PgConnectOptions = url.parse().map_err(DatabaseAway::Address)?;
    let place = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let connected = match tokio::time::timeout(LONGEST_WAIT, options.connect()).await {
        Ok(connected) => connected,
        Err(_elapsed) => {
            let silence = format!("no answer within {} seconds", LONGEST_WAIT.as_secs());
            Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, silence)))
        }
    };
    let mut connection = connected.map_err(|source| DatabaseAway::Unreachable { place, source })?;
    let health = examine(&mut connection).await;
    // Whether the leave-taking is heard changes nothing.
    drop(connection.close().await);
    Ok(health?)
}

impl DatabaseHealth {
    /// How its schema stands to this binary's.
    #[must_use]
    pub fn schema(&self) -> SchemaState {
        match (self.applied, Self::known()) {
            (None, _) => SchemaState::Missing,
            (applied, known) if applied == known => SchemaState::Current,
            (Some(applied), Some(known)) if applied < known => SchemaState::Behind,
            (Some(applied), _) => SchemaState::Later(applied),
        }
    }

    /// The last migration this binary knows.
    #[must_use]
    pub fn known() -> Option<i64> {
        MIGRATIONS.iter().map(|migration| migration.version).max()
    }
}

/// Asks the server.
pub async fn examine(connection: &mut PgConnection) -> Result<DatabaseHealth, DbError> {
    let (server_version, server_time, has_schema) = sqlx::query_as(
        "select current_setting('server_version_num')::integer, clock_timestamp(),
                to_regclass('_sqlx_migrations') is not null",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed("asking the database server about itself"))?;
    let applied = if has_schema { last_applied(connection).await? } else { None };
    Ok(DatabaseHealth { server_version, server_time, applied })
}

async fn last_applied(connection: &mut PgConnection) -> Result<Option<i64>, DbError> {
    sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await
        .map_err(failed("finding the last migration"))
}

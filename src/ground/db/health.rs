//! What the database server says of itself.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{DbError, MIGRATIONS, failed};

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

impl DatabaseHealth {
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

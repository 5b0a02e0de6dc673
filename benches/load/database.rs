//! Databases of a measurement: copies of one demonstration, on a server whose writes are synced.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::path::Path;

use super::running::{Run, RunningServer};

/// The demonstration that copies are made of. Each schema has its own: a kept server would otherwise give one that has
/// not been migrated.
fn demonstration() -> String {
    let files = std::fs::read_dir("migrations").expect("migrations, where Cargo runs a bench");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let newest = names.filter_map(|name| Some(name.split_once('_')?.0.to_owned())).max();
    format!("bench_demonstration_{}", newest.expect("a migration"))
}

/// A database that goes when it is dropped by [`Database::drop_it`].
pub struct Database {
    /// Its address.
    pub url: String,
    name: String,
    server: String,
}

impl Database {
    /// A copy of the demonstration, which the first to ask for it makes.
    pub async fn of_demonstration(purpose: &str, folder: &Path) -> Self {
        let server =
            std::env::var("DATABASE_URL").expect("DATABASE_URL names a server; ./dev bench starts one");
        let mut connection = PgConnection::connect(&server).await.expect("the server");
        refuse_unsynced(&mut connection).await;
        let name = format!("bench_{purpose}_{}", std::process::id());
        let demonstration = demonstration();
        let is_there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&demonstration)
            .fetch_one(&mut connection)
            .await
            .expect("the list of databases");
        if !is_there {
            execute(&mut connection, &format!("create database {demonstration}")).await;
            let url = with_database(&server, &demonstration);
            drop(RunningServer::start(Run::Demonstration, &url, folder).await);
        }
        // Whoever was still connected is sent away: a database that is in use can't be copied.
        execute(
            &mut connection,
            &format!(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{demonstration}'"
            ),
        )
        .await;
        execute(&mut connection, &format!("create database {name} template {demonstration}")).await;
        let url = with_database(&server, &name);
        let mut own = PgConnection::connect(&url).await.expect("the database");
        execute(&mut own, "create extension if not exists pg_stat_statements").await;
        execute(&mut own, "vacuum analyze").await;
        execute(&mut own, "checkpoint").await;
        Self { url, name, server }
    }

    /// A connection to it.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.expect("the database")
    }

    /// Drops it.
    pub async fn drop_it(self) {
        let mut connection = PgConnection::connect(&self.server).await.expect("the server");
        execute(&mut connection, &format!("drop database {} with (force)", self.name)).await;
    }
}

/// Runs statements that come to the same whenever they are run.
pub async fn execute(connection: &mut PgConnection, statements: &str) {
    connection.execute(AssertSqlSafe(statements.to_owned())).await.expect("a statement of the measurement");
}

/// Figures of writes that are not on the disk say nothing of a service that must not lose any.
async fn refuse_unsynced(connection: &mut PgConnection) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await
            .expect("a setting");
        assert_eq!(value, "on", "{setting} must be on; ./dev bench starts such a server");
    }
}

/// `url` with another database.
fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{}/{database}{query}", &address[..end])
}

//! The database: its pool, and the two ways to use it.
//!
//! [`Db::read`] lends a connection; [`Db::change`] runs one transaction, again when it lost a deadlock or a
//! serialisation race. Both run in a task of their own: a request that is dropped (a client's TCP reset) must not
//! drop a transaction half begun, which would hand the next borrower a connection inside a transaction and lose
//! what it writes.

pub mod health;

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Row};

/// The migrations, compiled in.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// How often a transaction that lost a race is tried in all.
const TRIES: u32 = 6;

/// Begins a change, in one journey to the server. A change asks for few records by their ids, for which one plan serves
/// whatever the ids are; PostgreSQL would plan `id = any($1)` anew each time, 1.4 ms of an accept (docs/BENCHMARKS.md).
const BEGIN_CHANGE: &str = "begin; set local plan_cache_mode = force_generic_plan";

/// A future that may cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A database operation that failed, and what was being done.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct DbError {
    /// What was being done, for the log.
    pub doing: &'static str,
    /// What the driver said.
    #[source]
    pub source: sqlx::Error,
}

impl DbError {
    /// The name of the constraint that refused the change, where one did.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.source.as_database_error()?.constraint()
    }

    fn is_lost_race(&self) -> bool {
        let code = self.source.as_database_error().and_then(sqlx::error::DatabaseError::code);
        matches!(code.as_deref(), Some("40001" | "40P01"))
    }

    /// Whether the database could not be reached, as against refusing what it was asked.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self.source, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
            || self
                .source
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| code.starts_with("57P"))
    }
}

/// Names what was being done when the driver failed: `.map_err(failed("listing the sessions of a week"))`.
pub fn failed(doing: &'static str) -> impl FnOnce(sqlx::Error) -> DbError {
    move |source| DbError { doing, source }
}

/// The pool. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Opens a pool of at most `max_connections` on `url`. Connections are made when first needed.
    pub fn open(url: &str, max_connections: u32) -> Result<Self, DbError> {
        let options: PgConnectOptions = url.parse().map_err(failed("reading the database URL"))?;
        let options = options.application_name("locumbank").options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(5))
            // The question below shows a broken connection too, so the driver's own is one journey to the server too many.
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(is_outside_any_transaction(connection)))
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// The pool itself, for what neither [`Db::read`] nor [`Db::change`] can do (migrations, tests).
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        MIGRATIONS.run(&self.pool).await
    }

    /// Lends a connection to `work`, outside any transaction.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let pool = self.pool.clone();
        in_own_task(async move {
            let mut connection = pool.acquire().await.map_err(failed("borrowing a connection"))?;
            work(&mut connection).await
        })
        .await
    }

    /// Lends a connection for one statement that changes something: PostgreSQL makes it a transaction of its own, which
    /// saves asking for one.
    pub async fn change_by_one_statement<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read(work).await
    }

    /// Runs `work` in one transaction and commits it when it gives `Ok`. A deadlock or serialisation failure runs
    /// it again from the start, so `work` keeps no state of its own and does nothing outside the database.
    pub async fn change<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + StdError + Send + 'static,
    {
        let pool = self.pool.clone();
        in_own_task(async move {
            let mut attempt = 1;
            loop {
                match transact(&pool, &work).await {
                    Err(error) if attempt < TRIES && lost_a_race(&error) => {
                        tokio::time::sleep(pause_after(attempt)).await;
                        attempt += 1;
                    }
                    outcome => return outcome,
                }
            }
        })
        .await
    }
}

async fn transact<T, E, F>(pool: &PgPool, work: &F) -> Result<T, E>
where
    F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<T, E>>,
    E: From<DbError>,
{
    let mut connection = pool.acquire().await.map_err(failed("borrowing a connection"))?;
    let mut transaction =
        connection.begin_with(BEGIN_CHANGE).await.map_err(failed("beginning a transaction"))?;
    match work(&mut transaction).await {
        Ok(value) => {
            transaction.commit().await.map_err(failed("committing"))?;
            Ok(value)
        }
        Err(error) => {
            transaction.rollback().await.map_err(failed("rolling back"))?;
            Err(error)
        }
    }
}

/// Runs `future` to its end whether or not the caller is still there.
async fn in_own_task<T, E>(future: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    match tokio::spawn(future).await {
        Ok(outcome) => outcome,
        Err(join) => match join.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => {
                Err(failed("running a unit of work while shutting down")(sqlx::Error::WorkerCrashed).into())
            }
        },
    }
}

/// In autocommit the transaction's time is the statement's; in a transaction begun before, it is older. Asked by the
/// simple protocol: a prepared statement begins its transaction when it is bound and gets its own time when it is
/// executed, so the two never agree, and every connection would be thrown away after its first use.
async fn is_outside_any_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(connection).await?.try_get(0)
}

fn lost_a_race(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<DbError>().is_some_and(DbError::is_lost_race) {
            return true;
        }
        next = error.source();
    }
    false
}

/// A growing pause with jitter, so that two that collided do not collide again.
fn pause_after(attempt: u32) -> Duration {
    let mut byte = [0_u8; 1];
    let jitter = if getrandom::fill(&mut byte).is_ok() { u64::from(byte[0]) % 20 } else { 7 };
    Duration::from_millis(5 * (1 << attempt) + jitter)
}

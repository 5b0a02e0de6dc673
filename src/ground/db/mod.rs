//! The database: its pool, and the ways to use it.
//!
//! [`Db::look`] reads, [`Db::change`] runs one transaction, again when it lost a deadlock or a serialisation race; what runs
//! in the background begins and commits by itself ([`Db::begin`]), since its queue tries it again. All give a [`Tx`].
//!
//! A request that is dropped (a client's TCP reset) must not drop a transaction half way: every handler runs whole, in a
//! task of its own ([`run_whole`](crate::ground::web::whole::run_whole)).

pub mod health;
pub mod roles;
mod tx;
pub mod unit;

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use self::tx::Purpose;
pub use self::tx::Tx;
use crate::ground::actor::Actor;
use crate::ground::clock::Clock;

/// The migrations, compiled in.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// How often a transaction that lost a race is tried in all.
const TRIES: u32 = 6;

/// A future that may cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a function of the database gives, told ahead of time where its caller only knows its shape.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, DbError>>;

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

    /// Whether what was to be made is there.
    fn is_made_already(&self) -> bool {
        let code = self.source.as_database_error().and_then(sqlx::error::DatabaseError::code);
        matches!(code.as_deref(), Some("42710" | "23505"))
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
    clock: Clock,
}

impl Db {
    /// Opens a pool of at most `max_connections` on `url`, asked at the times that `clock` tells. Connections are made when first needed.
    pub fn open(url: &str, max_connections: u32, clock: Clock) -> Result<Self, DbError> {
        let options: PgConnectOptions = url.parse().map_err(failed("reading the database URL"))?;
        let options = options.application_name("locumbank").options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(5))
            // The question that opens a transaction shows a broken connection too, so the driver's own is one journey to the server too many.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Ok(Self { pool, clock })
    }

    /// The pool itself, for what no [`Tx`] can do (migrations, tests).
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The same database, asked at the times that `clock` tells.
    #[must_use]
    pub fn at(&self, clock: Clock) -> Self {
        Self { pool: self.pool.clone(), clock }
    }

    /// Begins to read, as `actor`. It ends when it is dropped.
    pub async fn look(&self, actor: impl Into<Actor>) -> Result<Tx, DbError> {
        Tx::open(&self.pool, actor.into(), self.clock.now(), Purpose::Look).await
    }

    /// Begins to read as of this moment, as `actor`, however many statements it takes.
    pub async fn snapshot(&self, actor: impl Into<Actor>) -> Result<Tx, DbError> {
        Tx::open(&self.pool, actor.into(), self.clock.now(), Purpose::Snapshot).await
    }

    /// Begins a change, as `actor`. It ends with [`Tx::commit`]; dropped before, it has changed nothing.
    pub async fn begin(&self, actor: impl Into<Actor>) -> Result<Tx, DbError> {
        Tx::open(&self.pool, actor.into(), self.clock.now(), Purpose::Change).await
    }

    /// Runs `work` in one transaction, as `actor`, and commits it when it gives `Ok`. A deadlock or serialisation failure
    /// runs it again from the start, so `work` does nothing outside the database.
    pub async fn change<T, E, F>(&self, actor: impl Into<Actor>, work: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: From<DbError> + StdError + 'static,
    {
        let actor = actor.into();
        let mut attempt = 1;
        loop {
            match self.transact(actor, &work).await {
                Err(error) if attempt < TRIES && lost_a_race(&error) => {
                    tokio::time::sleep(pause_after(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn transact<T, E, F>(&self, actor: Actor, work: &F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: From<DbError>,
    {
        let mut tx = self.begin(actor).await?;
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                tx.give_up().await?;
                Err(error)
            }
        }
    }
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

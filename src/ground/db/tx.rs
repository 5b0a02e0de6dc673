//! One transaction: its connection, who acts in it, in which bank, and when.

use chrono::{DateTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Row};
use uuid::Uuid;

use super::unit::Held;
use super::{DbError, failed};
use crate::ground::actor::Actor;
use crate::ground::id::{AccountId, ApplicationId, BankId, MembershipId};

/// How many borrowed connections may turn out to be inside somebody's transaction before it is called a fault.
const MOST_UNFIT: usize = 100;

/// Begins a change. A change asks for few records by their ids, for which one plan serves whatever the ids are; PostgreSQL
/// would plan `id = any($1)` anew each time, 1.4 ms of an accept (docs/BENCHMARKS.md).
const BEGIN_CHANGE: &str = "begin read write; set local plan_cache_mode = force_generic_plan; ";
/// Begins reading at one moment, however many statements it takes.
const BEGIN_SNAPSHOT: &str = "begin isolation level repeatable read read only; ";
/// Makes what was done last. A transaction in which a statement failed is undone by `commit` without a word, so it is asked
/// for something first, which it then refuses.
const COMMIT: &str = "select 1; commit";

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It changes something, and is undone unless it is committed.
    Change,
    /// It reads, each statement for itself; PostgreSQL refuses to write.
    Look,
    /// It reads, all of it as of one moment.
    Snapshot,
}

/// What every action and every store function works in: what they do, they do as its actor, in its bank, at its time.
/// Dropped before it is committed, it changes nothing.
#[derive(Debug)]
pub struct Tx {
    connection: Option<PoolConnection<Postgres>>,
    actor: Actor,
    bank: Option<BankId>,
    now: DateTime<Utc>,
    purpose: Purpose,
    _held: Held,
}

impl Tx {
    pub(super) async fn open(
        pool: &PgPool,
        actor: Actor,
        now: DateTime<Utc>,
        purpose: Purpose,
    ) -> Result<Self, DbError> {
        let held = Held::another();
        let connection = borrow(pool, actor, purpose).await?;
        Ok(Self { connection: Some(connection), actor, bank: actor.bank(), now, purpose, _held: held })
    }

    /// The connection, for a store's statement.
    ///
    /// # Panics
    ///
    /// Never: the connection is there until the transaction is committed, which takes it away from its owner.
    pub fn connection(&mut self) -> &mut PgConnection {
        match self.connection.as_deref_mut() {
            Some(connection) => connection,
            None => unreachable!("a transaction that has ended has no owner"),
        }
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// The account on whose behalf it is done, for the log.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.actor.account()
    }

    /// The membership of the signed-in person who acts.
    #[must_use]
    pub fn membership(&self) -> Option<MembershipId> {
        self.actor.membership()
    }

    /// The application of whoever acts by its link; nil, which none bears, for everybody else.
    #[must_use]
    pub fn application(&self) -> ApplicationId {
        self.actor.application().unwrap_or(ApplicationId(Uuid::nil()))
    }

    /// The bank whose records it reads and writes. In a transaction of the whole service this is the nil id, which no
    /// record bears: a statement about one bank's records finds nothing there.
    #[must_use]
    pub fn bank(&self) -> BankId {
        self.bank.unwrap_or(BankId(Uuid::nil()))
    }

    /// The instant at which all of it happens.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Goes on in this bank: for work of the whole service that goes from bank to bank.
    pub async fn go_to_bank(&mut self, bank: BankId) -> Result<(), DbError> {
        if self.bank != Some(bank) {
            let statement = format!("select set_config('locumbank.bank', '{bank}', false)");
            let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(self.connection()).await;
            done.map_err(failed("going on in another bank"))?;
            self.bank = Some(bank);
        }
        Ok(())
    }

    /// Goes on as of this instant: for records of a past that is told afterwards, as an invented county's is.
    pub fn go_to_time(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// Goes on as this actor: once a link has said whose it is, and for records of a past that is told afterwards. What
    /// row-level security lets it see stays as it was.
    pub fn go_on_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// Makes what was done last.
    pub async fn commit(mut self) -> Result<(), DbError> {
        let done = sqlx::raw_sql(COMMIT).execute(self.connection()).await;
        if done.is_ok() {
            drop(self.connection.take());
        }
        done.map(drop).map_err(failed("committing"))
    }

    /// Undoes what was done.
    pub async fn give_up(mut self) -> Result<(), DbError> {
        match self.connection.take() {
            Some(mut connection) if self.purpose != Purpose::Look => roll_back(&mut connection).await,
            _ => Ok(()),
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.purpose == Purpose::Look {
            return;
        }
        match tokio::runtime::Handle::try_current() {
            // Undone at once and not when the connection is next lent: its locks are others' to take.
            Ok(runtime) => drop(runtime.spawn(async move {
                if let Err(error) = roll_back(&mut connection).await {
                    tracing::warn!(%error, "a transaction could not be rolled back; its connection is closed");
                    connection.close_on_drop();
                }
            })),
            Err(_) => connection.close_on_drop(),
        }
    }
}

async fn roll_back(connection: &mut PgConnection) -> Result<(), DbError> {
    sqlx::raw_sql("rollback").execute(connection).await.map(drop).map_err(failed("rolling back"))
}

/// Borrows a connection that is outside any transaction, begins what it is for, and says to PostgreSQL for whom its row-level
/// security is to judge: all in one journey to the server.
async fn borrow(pool: &PgPool, actor: Actor, purpose: Purpose) -> Result<PoolConnection<Postgres>, DbError> {
    for _ in 0..MOST_UNFIT {
        let mut connection = pool.acquire().await.map_err(failed("borrowing a connection"))?;
        let asked = sqlx::raw_sql(AssertSqlSafe(scope(actor, purpose))).fetch_one(&mut *connection).await;
        match asked.and_then(|row| row.try_get(0)) {
            Ok(true) => return Ok(connection),
            // Somebody left it inside a transaction: what is written in it would be lost. Or it is broken.
            Ok(false) | Err(sqlx::Error::Io(_)) => connection.close_on_drop(),
            Err(error) if is_inside_another(&error) => connection.close_on_drop(),
            Err(error) => {
                connection.close_on_drop();
                return Err(failed("borrowing a connection")(error));
            }
        }
    }
    Err(failed("borrowing a connection")(sqlx::Error::PoolTimedOut))
}

/// Whether PostgreSQL says that a transaction was under way, or had failed, where one was to begin.
fn is_inside_another(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("25001" | "25P02"))
}

/// The transaction's time is the statement's where it began just now; in one begun before, it is older. Asked by the
/// simple protocol: a prepared statement begins its transaction when it is bound and gets its own time when it is
/// executed, so the two never agree, and every connection would be thrown away after its first use. Ids and words of ours
/// alone go into the text.
fn scope(actor: Actor, purpose: Purpose) -> String {
    let bank = actor.bank().map_or_else(String::new, |bank| bank.to_string());
    let membership = actor.membership().map_or_else(String::new, |membership| membership.to_string());
    let application = actor.application().map_or_else(String::new, |application| application.to_string());
    let reach = if actor.is_of_the_service() { "service" } else { "bank" };
    let (begin, reads_only) = match purpose {
        Purpose::Change => (BEGIN_CHANGE, "off"),
        Purpose::Snapshot => (BEGIN_SNAPSHOT, "on"),
        Purpose::Look => ("", "on"),
    };
    format!(
        "{begin}select now() = statement_timestamp(), set_config('locumbank.bank', '{bank}', false), \
         set_config('locumbank.membership', '{membership}', false), set_config('locumbank.reach', '{reach}', false), \
         set_config('locumbank.application', '{application}', false), \
         set_config('default_transaction_read_only', '{reads_only}', false)"
    )
}

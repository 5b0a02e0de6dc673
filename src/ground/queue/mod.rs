//! The queue, not the jobs: what is to be done in the background is leased from PostgreSQL.
//!
//! A job is leased with a *fence*, a number that grows with each lease: a worker that was stopped for longer than its
//! lease can't complete the job that another has taken over. What must happen once is guarded by the transaction that
//! it shares with the job's completion ([`Work::Once`](crate::ground::app::job::Work::Once)), not by the lease alone.

pub mod schedule;
pub mod store;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::ground::db::DbError;
use crate::ground::id::{BankId, JobId};

/// Work to be put into the queue.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// The bank it is done for; none for work of the whole service.
    pub bank: Option<BankId>,
    /// Which work it is, as the site lists it.
    pub kind: &'static str,
    /// While a job of this kind and key waits or runs, another is not added.
    pub unique_key: Option<String>,
    /// What it works on.
    pub payload: Value,
    /// 1 goes first, 9 last.
    pub priority: i16,
    /// Not before this.
    pub run_at: DateTime<Utc>,
}

/// A job this process has leased.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LeasedJob {
    /// The job.
    pub id: JobId,
    /// Which work it is.
    pub kind: String,
    /// What it works on.
    pub payload: Value,
    /// Proves the lease.
    pub fence: i64,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// How often it is tried at the most.
    pub max_attempts: i32,
}

/// Work that failed. It is tried again, with growing pauses, until its tries are used up.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// No work of that kind is known.
    #[error("no work of this kind is known")]
    UnknownKind,
    /// What it was to work on can't be read.
    #[error("what the job works on can't be read: {0}")]
    Payload(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Each worker that had it ended before the work did.
    #[error("its workers stopped before it was done")]
    WorkersStopped,
    /// Another worker has the job: this completion is stale.
    #[error("another worker has taken the job over")]
    TakenOver,
    /// The work itself failed.
    #[error("{0}")]
    Failed(String),
}

//! SQL of jobs that were given up: their tries were used up, and a person decides.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::JobId;

/// A job that was given up.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DeadJob {
    /// The job.
    pub id: JobId,
    /// Which work it is.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// What it said last.
    pub last_error: Option<String>,
    /// When it was given up.
    pub finished_at: DateTime<Utc>,
}

/// The jobs of the bank, and of the whole service, that were given up; the latest first, at most `limit`.
pub async fn list_dead(tx: &mut Tx, limit: i64) -> Result<Vec<DeadJob>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, kind, attempts, last_error, finished_at from job
          where state = 'dead' and (bank_id = $1 or bank_id is null)
          order by finished_at desc, id
          limit $2",
    )
    .bind(bank)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the jobs that were given up"))
}

/// The job of that id, where it was given up and is the bank's or the whole service's.
pub async fn find_dead(tx: &mut Tx, id: JobId) -> Result<Option<DeadJob>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, kind, attempts, last_error, finished_at from job
          where id = $2 and state = 'dead' and (bank_id = $1 or bank_id is null)",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a job that was given up"))
}

/// Puts a job that was given up back into the queue, with all its tries before it. False where there is none of that
/// id, or the same work is in the queue again already.
pub async fn mark_put_back(tx: &mut Tx, id: JobId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update job j set state = 'ready', attempts = 0, run_at = $3, finished_at = null
          where j.id = $2 and j.state = 'dead' and (j.bank_id = $1 or j.bank_id is null)
            and not exists (select 1 from job other
                             where other.kind = j.kind and other.unique_key = j.unique_key
                               and other.state in ('ready', 'running'))",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("putting a job back that was given up"))?;
    Ok(done.rows_affected() == 1)
}

//! SQL of the queue.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{LeasedJob, NewJob};
use crate::db::{DbError, failed};
use crate::id::JobId;

/// Puts a job into the queue, in the caller's transaction. `None` where one of that kind and unique key is there.
pub async fn insert_job(
    connection: &mut PgConnection,
    job: &NewJob,
    now: DateTime<Utc>,
) -> Result<Option<JobId>, DbError> {
    sqlx::query_scalar(
        "insert into job (id, bank_id, kind, unique_key, payload, priority, run_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (kind, unique_key) where unique_key is not null and state in ('ready', 'running') do nothing
         returning id",
    )
    .bind(JobId::new())
    .bind(job.bank)
    .bind(job.kind)
    .bind(&job.unique_key)
    .bind(&job.payload)
    .bind(job.priority)
    .bind(job.run_at)
    .bind(now)
    .fetch_optional(connection)
    .await
    .map_err(failed("putting a job into the queue"))
}

/// Leases the next job that is due, or whose lease has run out, until `lease_until`.
pub async fn lease_next(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<Option<LeasedJob>, DbError> {
    sqlx::query_as(
        "update job j
            set state = 'running', lease_until = $2, fence = j.fence + 1, attempts = j.attempts + 1
           from (select id from job
                  where (state = 'ready' and run_at <= $1) or (state = 'running' and lease_until <= $1)
                  order by priority, run_at
                  limit 1
                    for update skip locked) due
          where j.id = due.id
         returning j.id, j.kind, j.payload, j.fence, j.attempts, j.max_attempts",
    )
    .bind(now)
    .bind(lease_until)
    .fetch_optional(connection)
    .await
    .map_err(failed("leasing the next job"))
}

/// Extends a lease. False where another worker has taken the job over.
pub async fn extend_lease(
    connection: &mut PgConnection,
    job: &LeasedJob,
    lease_until: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done =
        sqlx::query("update job set lease_until = $3 where id = $1 and fence = $2 and state = 'running'")
            .bind(job.id)
            .bind(job.fence)
            .bind(lease_until)
            .execute(connection)
            .await
            .map_err(failed("extending a lease"))?;
    Ok(done.rows_affected() == 1)
}

/// Completes a job. False where another worker has taken it over: this completion is stale.
pub async fn mark_done(
    connection: &mut PgConnection,
    job: &LeasedJob,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update job set state = 'done', lease_until = null, finished_at = $3, last_error = null
          where id = $1 and fence = $2 and state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("completing a job"))?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job that failed back, to run again at `run_at`.
pub async fn mark_ready_again(
    connection: &mut PgConnection,
    job: &LeasedJob,
    error: &str,
    run_at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update job set state = 'ready', lease_until = null, run_at = $3, last_error = $4
          where id = $1 and fence = $2 and state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(run_at)
    .bind(error)
    .execute(connection)
    .await
    .map_err(failed("putting a job back"))?;
    Ok(done.rows_affected() == 1)
}

/// Gives a job up, for a person to see.
pub async fn mark_dead(
    connection: &mut PgConnection,
    job: &LeasedJob,
    error: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update job set state = 'dead', lease_until = null, finished_at = $3, last_error = $4
          where id = $1 and fence = $2 and state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(now)
    .bind(error)
    .execute(connection)
    .await
    .map_err(failed("giving a job up"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a schedule ran for `due`. False where it has run for that time already, here or elsewhere.
pub async fn mark_schedule_run(
    connection: &mut PgConnection,
    name: &str,
    due: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "insert into schedule_run (name, last_due) values ($1, $2)
             on conflict (name) do update set last_due = excluded.last_due where schedule_run.last_due < excluded.last_due",
    )
    .bind(name)
    .bind(due)
    .execute(connection)
    .await
    .map_err(failed("noting that a schedule ran"))?;
    Ok(done.rows_affected() == 1)
}

/// Clears jobs that were done before `before`, so that the table that is polled stays small.
pub async fn delete_done_before(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, DbError> {
    let done = sqlx::query("delete from job where state = 'done' and finished_at < $1")
        .bind(before)
        .execute(connection)
        .await
        .map_err(failed("clearing jobs that were done"))?;
    Ok(done.rows_affected())
}

//! SQL of the queue.

pub mod dead;

use chrono::{DateTime, Utc};

use super::{LeasedJob, NewJob};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::JobId;

/// Puts a job into the queue, in the caller's transaction. `None` where one of that kind and unique key is there.
pub async fn insert_job(tx: &mut Tx, job: &NewJob) -> Result<Option<JobId>, DbError> {
    Ok(insert_jobs(tx, std::slice::from_ref(job)).await?.pop())
}

/// Puts jobs into the queue in one statement, and gives the ids of those that were not there already.
pub async fn insert_jobs(tx: &mut Tx, jobs: &[NewJob]) -> Result<Vec<JobId>, DbError> {
    let now = tx.now();
    sqlx::query_scalar(
        "insert into job (id, bank_id, kind, unique_key, payload, priority, run_at, created_at)
         select n.id, n.bank_id, n.kind, n.unique_key, n.payload, n.priority, n.run_at, $8
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::smallint[], $7::timestamptz[])
                as n (id, bank_id, kind, unique_key, payload, priority, run_at)
             on conflict (kind, unique_key) where unique_key is not null and state in ('ready', 'running') do nothing
         returning id",
    )
    .bind(jobs.iter().map(|_| JobId::new()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.bank.map(|bank| bank.0)).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.kind.to_owned()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.unique_key.clone()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.payload.clone()).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.priority).collect::<Vec<_>>())
    .bind(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>())
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("putting jobs into the queue"))
}

/// The time by the database's clock, or `by_hand` where the clock is moved by hand.
pub async fn find_time(tx: &mut Tx, by_hand: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, DbError> {
    sqlx::query_scalar("select coalesce($1, now())")
        .bind(by_hand)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("asking the database for the time"))
}

/// Locks the jobs that go next: due, or with a lease that has run out; of `least_priority` or before it; at most
/// `limit`. Other workers pass them over while the transaction lasts.
pub async fn lock_due(
    tx: &mut Tx,
    least_priority: i16,
    limit: i64,
    now: Option<DateTime<Utc>>,
) -> Result<Vec<(JobId, String)>, DbError> {
    sqlx::query_as(
        "select id, kind from job
          where state in ('ready', 'running') and run_at <= coalesce($1, now()) and priority <= $2
          order by priority, run_at
          limit $3
            for update skip locked",
    )
    .bind(now)
    .bind(least_priority)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding the jobs that are due"))
}

/// Leases jobs that this transaction has locked, for `lease_seconds`.
pub async fn mark_leased(
    tx: &mut Tx,
    jobs: &[JobId],
    lease_seconds: i64,
    now: Option<DateTime<Utc>>,
) -> Result<Vec<LeasedJob>, DbError> {
    sqlx::query_as(
        "update job
            set state = 'running', run_at = coalesce($1, now()) + make_interval(secs => $2::bigint), fence = fence + 1,
                attempts = attempts + 1
          where id = any($3)
         returning id, kind, payload, fence, attempts, max_attempts",
    )
    .bind(now)
    .bind(lease_seconds)
    .bind(jobs)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("leasing jobs"))
}

/// Extends leases to `lease_seconds` from now, and gives how many are still held.
pub async fn mark_lease_extended(
    tx: &mut Tx,
    jobs: &[LeasedJob],
    lease_seconds: i64,
    now: Option<DateTime<Utc>>,
) -> Result<u64, DbError> {
    let (ids, fences) = held(jobs);
    let done = sqlx::query(
        "update job set run_at = coalesce($3, now()) + make_interval(secs => $4::bigint)
           from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
          where job.id = held.id and job.fence = held.fence and job.state = 'running'",
    )
    .bind(ids)
    .bind(fences)
    .bind(now)
    .bind(lease_seconds)
    .execute(tx.connection())
    .await
    .map_err(failed("extending leases"))?;
    Ok(done.rows_affected())
}

/// Completes jobs, and gives how many: those another worker has taken over are left, for this completion is stale.
pub async fn mark_done(tx: &mut Tx, jobs: &[LeasedJob], now: Option<DateTime<Utc>>) -> Result<u64, DbError> {
    let (ids, fences) = held(jobs);
    let done = sqlx::query(
        "update job set state = 'done', finished_at = coalesce($3, now()), last_error = null
           from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
          where job.id = held.id and job.fence = held.fence and job.state = 'running'",
    )
    .bind(ids)
    .bind(fences)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("completing jobs"))?;
    Ok(done.rows_affected())
}

fn held(jobs: &[LeasedJob]) -> (Vec<JobId>, Vec<i64>) {
    jobs.iter().map(|job| (job.id, job.fence)).unzip()
}

/// Gives leased jobs back as if they had not been leased, for a worker that stops. Gives how many.
pub async fn mark_given_back(
    tx: &mut Tx,
    jobs: &[LeasedJob],
    now: Option<DateTime<Utc>>,
) -> Result<u64, DbError> {
    let (ids, fences) = held(jobs);
    let done = sqlx::query(
        "update job set state = 'ready', run_at = coalesce($3, now()), attempts = attempts - 1
           from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
          where job.id = held.id and job.fence = held.fence and job.state = 'running'",
    )
    .bind(ids)
    .bind(fences)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("giving jobs back"))?;
    Ok(done.rows_affected())
}

/// Puts a job that failed back, to run again after `pause_seconds`.
pub async fn mark_ready_again(
    tx: &mut Tx,
    job: &LeasedJob,
    error: &str,
    pause_seconds: i64,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update job
            set state = 'ready', run_at = coalesce($3, now()) + make_interval(secs => $4::bigint), last_error = $5
          where id = $1 and fence = $2 and state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(now)
    .bind(pause_seconds)
    .bind(error)
    .execute(tx.connection())
    .await
    .map_err(failed("putting a job back"))?;
    Ok(done.rows_affected() == 1)
}

/// Gives a job up, for a person to see.
pub async fn mark_dead(
    tx: &mut Tx,
    job: &LeasedJob,
    error: &str,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update job set state = 'dead', finished_at = coalesce($3, now()), last_error = $4
          where id = $1 and fence = $2 and state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(now)
    .bind(error)
    .execute(tx.connection())
    .await
    .map_err(failed("giving a job up"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a schedule ran for `due`. False where it has run for that time already, here or elsewhere.
pub async fn mark_schedule_run(tx: &mut Tx, name: &str, due: DateTime<Utc>) -> Result<bool, DbError> {
    let done = sqlx::query(
        "insert into schedule_run (name, last_due) values ($1, $2)
             on conflict (name) do update set last_due = excluded.last_due where schedule_run.last_due < excluded.last_due",
    )
    .bind(name)
    .bind(due)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that a schedule ran"))?;
    Ok(done.rows_affected() == 1)
}

/// Clears jobs that were done before `before`, so that the table that is polled stays small.
pub async fn delete_done_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let done = sqlx::query("delete from job where state = 'done' and finished_at < $1")
        .bind(before)
        .execute(tx.connection())
        .await
        .map_err(failed("clearing jobs that were done"))?;
    Ok(done.rows_affected())
}

//! What runs by itself, and how often. Each due time is run once, however many workers there are; after a downtime
//! the latest due time alone is caught up.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::Value;

use super::{JobError, NewJob, store};
use crate::app::App;
use crate::db::DbError;

/// Work that runs by itself.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// The kind of job.
    pub kind: &'static str,
    /// Minutes between due times, counted from midnight UTC.
    pub every_minutes: i64,
    /// The priority of its jobs.
    pub priority: i16,
}

/// Every schedule.
pub const SCHEDULES: &[Schedule] = &[
    Schedule { kind: "clear_done_jobs", every_minutes: 60, priority: 9 },
    Schedule { kind: "lapse_offers", every_minutes: 1, priority: 3 },
];

/// Jobs that were done longer ago than this are cleared.
const KEEP_DONE_DAYS: i64 = 7;

/// Queues the jobs of every schedule whose due time has come.
pub async fn queue_due(app: &App) -> Result<(), DbError> {
    let now = app.clock.now();
    app.db
        .change(move |connection| {
            Box::pin(async move {
                for schedule in SCHEDULES {
                    let due = last_due(now, schedule.every_minutes);
                    if store::mark_schedule_run(connection, schedule.kind, due).await? {
                        let job = NewJob {
                            bank: None,
                            kind: schedule.kind,
                            unique_key: Some("scheduled".to_owned()),
                            payload: Value::Null,
                            priority: schedule.priority,
                            run_at: now,
                        };
                        store::insert_job(connection, &job, now).await?;
                    }
                }
                Ok::<_, DbError>(())
            })
        })
        .await
}

fn last_due(now: DateTime<Utc>, every_minutes: i64) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::minutes(every_minutes)).unwrap_or(now)
}

/// Clears jobs that were done long ago.
pub async fn clear_done_jobs(app: &App, _payload: Value) -> Result<(), JobError> {
    let before = app.clock.now() - TimeDelta::days(KEEP_DONE_DAYS);
    app.db
        .change(move |connection| {
            Box::pin(async move {
                store::delete_done_before(connection, before).await?;
                Ok::<_, DbError>(())
            })
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::last_due;

    #[test]
    fn due_times_are_counted_from_midnight() {
        let now = DateTime::parse_from_rfc3339("2026-11-02T09:47:12Z").unwrap().to_utc();
        assert_eq!(last_due(now, 60).to_rfc3339(), "2026-11-02T09:00:00+00:00");
        assert_eq!(last_due(now, 1).to_rfc3339(), "2026-11-02T09:47:00+00:00");
        assert_eq!(last_due(now, 1440).to_rfc3339(), "2026-11-02T00:00:00+00:00");
    }
}

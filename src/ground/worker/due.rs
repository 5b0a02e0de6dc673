//! Queues what runs by itself and is due, and clears what was done long ago.

use chrono::TimeDelta;
use serde_json::Value;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::queue::schedule::Schedule;
use crate::ground::queue::{JobError, NewJob, store};

/// Jobs that were done longer ago than this are cleared.
const KEEP_DONE_DAYS: i64 = 7;

/// Queues the jobs of every schedule whose due time has come.
pub async fn queue_due(app: &App) -> Result<(), DbError> {
    queue_due_of(app, app.site.schedules).await
}

/// Queues the jobs of those of `schedules` whose due time has come.
pub async fn queue_due_of(app: &App, schedules: &'static [Schedule]) -> Result<(), DbError> {
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let now = store::find_time(&mut tx, app.clock.by_hand()).await?;
    for schedule in schedules {
        if store::mark_schedule_run(&mut tx, schedule.kind, schedule.when.last_due(now)).await? {
            let job = NewJob {
                bank: None,
                kind: schedule.kind,
                unique_key: Some("scheduled".to_owned()),
                payload: Value::Null,
                priority: schedule.priority,
                run_at: now,
            };
            store::insert_job(&mut tx, &job).await?;
        }
    }
    tx.commit().await
}

/// Clears jobs that were done long ago.
pub async fn clear_done_jobs(app: &App, _payload: Value) -> Result<(), JobError> {
    let before = app.clock.now() - TimeDelta::days(KEEP_DONE_DAYS);
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    store::delete_done_before(&mut tx, before).await?;
    Ok(tx.commit().await?)
}

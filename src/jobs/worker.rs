//! Works the queue and the outbox until told to stop. Any number of processes may do so on one database.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{JobError, LeasedJob, kinds, schedule, store};
use crate::app::App;
use crate::db::DbError;
use crate::email::sender::Mailer;

/// Jobs run side by side in one process.
const RUNNERS: usize = 2;
/// Mails sent side by side by one process.
const SENDERS: usize = 4;
/// How long a job is leased; it is extended while the job runs.
const LEASE_SECONDS: i64 = 60;
/// How long an idle runner or sender waits before it asks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a loop waits after the database failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Works until `stop` says true; what is under way is finished first.
pub async fn run(app: App, mailer: Mailer, stop: watch::Receiver<bool>) {
    let mut loops = JoinSet::new();
    for _ in 0..RUNNERS {
        loops.spawn(repeat(stop.clone(), PAUSE, "running a job", {
            let app = app.clone();
            move || {
                let app = app.clone();
                async move { run_next(&app).await }
            }
        }));
    }
    for _ in 0..SENDERS {
        let (app, mailer) = (app.clone(), mailer.clone());
        loops.spawn(repeat(stop.clone(), PAUSE, "sending a mail", move || {
            let (app, mailer) = (app.clone(), mailer.clone());
            async move { mailer.send_next(&app).await }
        }));
    }
    loops.spawn(repeat(stop, Duration::from_secs(5), "keeping the schedule", move || {
        let (app, mailer) = (app.clone(), mailer.clone());
        async move {
            schedule::queue_due(&app).await?;
            mailer.tidy(&app).await?;
            Ok(false)
        }
    }));
    while loops.join_next().await.is_some() {}
}

/// Does `work` again and again; pauses where there was none, longer where it failed.
async fn repeat<F>(
    mut stop: watch::Receiver<bool>,
    pause: Duration,
    doing: &'static str,
    work: impl Fn() -> F,
) where
    F: Future<Output = Result<bool, DbError>>,
{
    while !*stop.borrow() {
        let pause = match work().await {
            Ok(true) => continue,
            Ok(false) => pause,
            Err(error) => {
                tracing::error!(doing, error = %error, "background work failed");
                PAUSE_AFTER_FAILURE
            }
        };
        // A sender of `stop` that is gone means stop.
        if tokio::time::timeout(pause, stop.changed()).await.is_ok_and(|changed| changed.is_err()) {
            return;
        }
    }
}

/// Leases the next job that is due and does its work. True where there was one.
pub async fn run_next(app: &App) -> Result<bool, DbError> {
    let now = app.clock.now();
    let lease_until = now + TimeDelta::seconds(LEASE_SECONDS);
    let leased = app
        .db
        .change(move |connection| {
            Box::pin(async move { store::lease_next(connection, now, lease_until).await })
        })
        .await?;
    let Some(job) = leased else { return Ok(false) };
    let outcome = if job.attempts > job.max_attempts {
        Err(JobError::Failed("its workers stopped before it was done".to_owned()))
    } else {
        work_while_leased(app, &job).await
    };
    note(app, job, outcome).await?;
    Ok(true)
}

/// Does the work in a task of its own, so that a panic is this job's alone, and extends the lease meanwhile.
async fn work_while_leased(app: &App, job: &LeasedJob) -> Result<(), JobError> {
    let (task_app, kind, payload) = (app.clone(), job.kind.clone(), job.payload.clone());
    let mut work = tokio::spawn(async move { kinds::run(&task_app, &kind, payload).await });
    loop {
        let third = Duration::from_secs(LEASE_SECONDS.unsigned_abs() / 3);
        match tokio::time::timeout(third, &mut work).await {
            Ok(Ok(outcome)) => return outcome,
            Ok(Err(panicked)) => return Err(JobError::Failed(panicked.to_string())),
            Err(_still_working) => {
                let (job, until) = (job.clone(), app.clock.now() + TimeDelta::seconds(LEASE_SECONDS));
                app.db
                    .change(move |connection| {
                        let job = job.clone();
                        Box::pin(async move { store::extend_lease(connection, &job, until).await })
                    })
                    .await?;
            }
        }
    }
}

async fn note(app: &App, job: LeasedJob, outcome: Result<(), JobError>) -> Result<(), DbError> {
    let now = app.clock.now();
    let error = outcome.err().map(|error| error.to_string());
    if let Some(error) = &error {
        tracing::error!(job = %job.id, kind = job.kind, attempts = job.attempts, error, "a job failed");
    }
    app.db
        .change(move |connection| {
            let (job, error) = (job.clone(), error.clone());
            Box::pin(async move {
                let pause =
                    TimeDelta::seconds(2_i64.saturating_pow(job.attempts.clamp(1, 12).unsigned_abs()));
                let in_time = match error {
                    None => store::mark_done(connection, &job, now).await?,
                    Some(error) if job.attempts >= job.max_attempts => {
                        store::mark_dead(connection, &job, &error, now).await?
                    }
                    Some(error) => store::mark_ready_again(connection, &job, &error, now + pause).await?,
                };
                if !in_time {
                    tracing::warn!(job = %job.id, "a job ended after another worker had taken it over");
                }
                Ok::<_, DbError>(())
            })
        })
        .await
}

/// Runs jobs until none is due. For tests and the demonstration.
pub async fn run_all_due(app: &App) -> Result<(), DbError> {
    while run_next(app).await? {}
    Ok(())
}

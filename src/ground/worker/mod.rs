//! Works the queue and the outbox until told to stop. Any number of processes may do so on one database.

pub mod actions;
pub mod due;
pub mod pages;
pub mod running;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::running::Bench;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::outbox::sender::{Mailer, Step};

/// The least urgent jobs each runner takes. The last leaves long work to the others, so that what is urgent never
/// waits for it.
const RUNNERS: [i16; 3] = [9, 9, 3];
/// How long an idle runner or sender waits before it asks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a loop waits after the database failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);
/// How often the schedule is looked at.
const SCHEDULE_PAUSE: Duration = Duration::from_secs(5);
/// What goes wrong again and again is written to the log once in this time.
const QUIET_AFTER_FAILURE: Duration = Duration::from_mins(1);
/// The longest pause between tries to reach a relay that is away.
const LONGEST_PAUSE_WITHOUT_RELAY: Duration = Duration::from_secs(15);

/// Works until `stop` says true; what is under way is finished first, or given back where it takes too long.
pub async fn run(app: App, mailer: Mailer, bench: Bench, stop: watch::Receiver<bool>) {
    let (mut loops, failures) = (JoinSet::new(), Failures::default());
    for least_priority in RUNNERS {
        loops.spawn(run_jobs(app.clone(), bench, least_priority, failures.clone(), stop.clone()));
    }
    for _ in 0..app.settings.smtp.connections.max(1) {
        loops.spawn(send_mails(app.clone(), mailer.clone(), failures.clone(), stop.clone()));
    }
    loops.spawn(keep_schedule(app, mailer, failures, stop));
    while loops.join_next().await.is_some() {}
}

async fn run_jobs(
    app: App,
    bench: Bench,
    least_priority: i16,
    failures: Failures,
    mut stop: watch::Receiver<bool>,
) {
    while !is_told(&stop) {
        let pause = match bench.run_next(&app, least_priority, Some(&stop)).await {
            Ok(0) => PAUSE,
            Ok(_) => continue,
            Err(error) => failures.note("running a job", &error),
        };
        wait(pause, &mut stop).await;
    }
}

async fn send_mails(app: App, mailer: Mailer, failures: Failures, mut stop: watch::Receiver<bool>) {
    let mut lane = mailer.lane();
    let mut without_relay = PAUSE;
    while !is_told(&stop) {
        let pause = match lane.send_next(&app).await {
            Ok(Step::Worked) => {
                without_relay = PAUSE;
                continue;
            }
            Ok(Step::Idle) => PAUSE,
            Ok(Step::RelayAway) => {
                without_relay = (without_relay * 2).min(LONGEST_PAUSE_WITHOUT_RELAY);
                without_relay
            }
            Err(error) => failures.note("sending a mail", &error),
        };
        wait(pause, &mut stop).await;
    }
    lane.leave().await;
}

async fn keep_schedule(app: App, mailer: Mailer, failures: Failures, mut stop: watch::Receiver<bool>) {
    while !is_told(&stop) {
        let kept = async {
            due::queue_due(&app).await?;
            mailer.tidy(&app).await
        };
        let pause = match kept.await {
            Ok(()) => SCHEDULE_PAUSE,
            Err(error) => failures.note("keeping the schedule", &error),
        };
        wait(pause, &mut stop).await;
    }
}

/// What failed lately, over all loops: a database that is away fails each of them every two seconds, and one line a
/// minute says as much as three hundred.
#[derive(Debug, Clone, Default)]
struct Failures {
    written: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Failures {
    /// Writes a failure to the log unless the same was written within the last minute. Gives how long to wait.
    fn note(&self, doing: &'static str, error: &DbError) -> Duration {
        if self.is_new(&error.to_string(), Instant::now()) {
            tracing::error!(doing, %error, "background work failed; it goes on, and says so once a minute");
        }
        PAUSE_AFTER_FAILURE
    }

    fn is_new(&self, words: &str, now: Instant) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|(_, at)| now.duration_since(*at) < QUIET_AFTER_FAILURE);
        let is_new = written.iter().all(|(known, _)| known != words);
        if is_new {
            written.push((words.to_owned(), now));
        }
        is_new
    }
}

/// Whether to stop. Where nobody is left to say so, too.
fn is_told(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Waits, but no longer than until told to stop.
async fn wait(pause: Duration, stop: &mut watch::Receiver<bool>) {
    drop(tokio::time::timeout(pause, stop.wait_for(|stopped| *stopped)).await);
}

/// Runs jobs until none is due. For tests and the demonstration.
pub async fn run_all_due(app: &App) -> Result<(), DbError> {
    let bench = Bench::of(app.site.jobs);
    while bench.run_next(app, i16::MAX, None).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Failures, QUIET_AFTER_FAILURE};
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn what_fails_again_and_again_is_written_once_a_minute() {
        let (failures, began) = (Failures::default(), Instant::now());
        let written = (0..120)
            .filter(|half_second| {
                failures.is_new("the database is away", began + Duration::from_millis(500) * *half_second)
            })
            .count();
        assert_eq!(written, 1);
        assert!(failures.is_new("a table is missing", began), "another failure is news");
        assert!(failures.is_new("the database is away", began + QUIET_AFTER_FAILURE));
    }
}

//! Leases jobs and does their work.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::app::job::{JobKind, Work};
use crate::ground::counts::Counted;
use crate::ground::db::DbError;
use crate::ground::queue::{JobError, LeasedJob, store};

/// Jobs of [`Work::Once`] that share a transaction at the most: one commit for all of them.
const MOST_TOGETHER: i64 = 32;

/// After being told to stop, work under way may go on for so many seconds before it is given back.
pub const JOB_GRACE_SECONDS: u64 = 60;

/// What a worker can do, and how it holds its jobs.
#[derive(Debug, Clone, Copy)]
pub struct Bench {
    /// The kinds of jobs it knows.
    pub kinds: &'static [JobKind],
    /// How long jobs are leased, in seconds; leases are extended while the work goes on.
    pub lease_seconds: i64,
    /// After being told to stop, work under way may go on for so many seconds before it is given back.
    pub grace_seconds: u64,
}

/// How the work on leased jobs ended.
enum Ending {
    Done,
    Failed(JobError),
    /// Others have them now.
    TakenOver,
    /// The worker was told to stop, and this took too long.
    Stopped,
}

/// When a worker is to stop; none where nobody will say so.
type Stop<'a> = Option<&'a watch::Receiver<bool>>;

impl Bench {
    /// A worker that knows these kinds, with the leases of production.
    #[must_use]
    pub fn of(kinds: &'static [JobKind]) -> Self {
        Self { kinds, lease_seconds: 60, grace_seconds: JOB_GRACE_SECONDS }
    }

    /// Leases what goes next, of `least_priority` or before it, and does its work. Gives how many jobs there were.
    pub async fn run_next(&self, app: &App, least_priority: i16, stop: Stop<'_>) -> Result<usize, DbError> {
        let jobs = self.lease(app, least_priority).await?;
        let count = jobs.len();
        match jobs.first().map(|job| self.work_of(job)) {
            None => {}
            Some(Some(Work::Once(_))) => self.run_once(app, jobs, stop).await?,
            Some(work) => {
                for job in jobs {
                    self.run_alone(app, job, work, stop).await?;
                }
            }
        }
        Ok(count)
    }

    fn work_of(&self, job: &LeasedJob) -> Option<Work> {
        self.kinds.iter().find(|kind| kind.name == job.kind).map(|kind| kind.work)
    }

    /// Leases the next job; or, where that is work done once, all such jobs that follow it at once.
    async fn lease(&self, app: &App, least_priority: i16) -> Result<Vec<LeasedJob>, DbError> {
        let now = app.clock.by_hand();
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let due = store::lock_due(&mut tx, least_priority, MOST_TOGETHER, now).await?;
        if due.is_empty() {
            tx.give_up().await?;
            return Ok(Vec::new());
        }
        let ids = self.leading(&due);
        let mut jobs = store::mark_leased(&mut tx, &ids, self.lease_seconds, now).await?;
        tx.commit().await?;
        jobs.sort_by_key(|job| ids.iter().position(|id| *id == job.id));
        Ok(jobs)
    }

    fn leading(&self, due: &[(crate::ground::id::JobId, String)]) -> Vec<crate::ground::id::JobId> {
        let is_once = |name: &str| {
            self.kinds.iter().any(|kind| kind.name == name && matches!(kind.work, Work::Once(_)))
        };
        let together = due.iter().take_while(|(_, kind)| is_once(kind)).count().max(1);
        due.iter().take(together).map(|(id, _)| *id).collect()
    }

    async fn run_alone(
        &self,
        app: &App,
        job: LeasedJob,
        work: Option<Work>,
        stop: Stop<'_>,
    ) -> Result<(), DbError> {
        let ending = match work {
            _ if job.attempts > job.max_attempts => Ending::Failed(JobError::WorkersStopped),
            Some(Work::Alone(work)) => {
                let doing = tokio::spawn(work(app.clone(), job.payload.clone()));
                self.hold(app, std::slice::from_ref(&job), doing, stop).await
            }
            _ => Ending::Failed(JobError::UnknownKind),
        };
        note(app, job, ending, false).await
    }

    /// All of them in one transaction; where one of them fails, each in its own.
    async fn run_once(&self, app: &App, jobs: Vec<LeasedJob>, stop: Stop<'_>) -> Result<(), DbError> {
        let all_fresh = jobs.iter().all(|job| job.attempts <= job.max_attempts);
        if all_fresh && jobs.len() > 1 {
            let doing = self.in_one_transaction(app, jobs.clone());
            match self.hold(app, &jobs, doing, stop).await {
                Ending::Done => {
                    for job in &jobs {
                        count(app, job, "done");
                    }
                    return Ok(());
                }
                Ending::Stopped => return give_back(app, jobs).await,
                Ending::Failed(_) | Ending::TakenOver => {}
            }
        }
        for job in jobs {
            let ending = if job.attempts > job.max_attempts {
                Ending::Failed(JobError::WorkersStopped)
            } else {
                let doing = self.in_one_transaction(app, vec![job.clone()]);
                self.hold(app, std::slice::from_ref(&job), doing, stop).await
            };
            note(app, job, ending, true).await?;
        }
        Ok(())
    }

    /// The work of jobs done once, and their completion, committed together.
    fn in_one_transaction(&self, app: &App, jobs: Vec<LeasedJob>) -> JoinHandle<Result<(), JobError>> {
        let (app, bench) = (app.clone(), *self);
        tokio::spawn(async move {
            let mut tx = app.db.begin(Actor::SERVICE).await?;
            for job in &jobs {
                let Some(Work::Once(work)) = bench.work_of(job) else {
                    return Err(JobError::UnknownKind);
                };
                work(&mut tx, &app, &job.payload).await?;
            }
            let done = store::mark_done(&mut tx, &jobs, app.clock.by_hand()).await?;
            if usize::try_from(done) != Ok(jobs.len()) {
                return Err(JobError::TakenOver);
            }
            Ok(tx.commit().await?)
        })
    }

    /// Waits for the work and extends the leases of its jobs meanwhile. Work that is given up is cut off between two
    /// of its steps; a transaction it is in ends by itself.
    async fn hold(
        &self,
        app: &App,
        jobs: &[LeasedJob],
        mut doing: JoinHandle<Result<(), JobError>>,
        stop: Stop<'_>,
    ) -> Ending {
        let third = Duration::from_millis(self.lease_seconds.unsigned_abs() * 1000 / 3);
        let mut stopping = std::pin::pin!(told_too_long_ago(stop.cloned(), self.grace_seconds));
        loop {
            tokio::select! {
                outcome = &mut doing => return match outcome {
                    Ok(Ok(())) => Ending::Done,
                    Ok(Err(JobError::TakenOver)) => Ending::TakenOver,
                    Ok(Err(error)) => Ending::Failed(error),
                    Err(panicked) => Ending::Failed(JobError::Failed(panicked.to_string())),
                },
                () = &mut stopping => {
                    doing.abort();
                    return Ending::Stopped;
                }
                () = tokio::time::sleep(third) => {
                    if self.extend(app, jobs).await.is_ok_and(|held| held < jobs.len() as u64) {
                        doing.abort();
                        return Ending::TakenOver;
                    }
                }
            }
        }
    }

    async fn extend(&self, app: &App, jobs: &[LeasedJob]) -> Result<u64, DbError> {
        let extending = async {
            let mut tx = app.db.begin(Actor::SERVICE).await?;
            let seconds = self.lease_seconds;
            let extended = store::mark_lease_extended(&mut tx, jobs, seconds, app.clock.by_hand()).await?;
            tx.commit().await?;
            Ok(extended)
        };
        // The database may be back before the lease runs out, so the work goes on.
        extending
            .await
            .inspect_err(|error: &DbError| tracing::error!(error = %error, "a lease was not extended"))
    }
}

async fn told_too_long_ago(stop: Option<watch::Receiver<bool>>, grace_seconds: u64) {
    let Some(mut stop) = stop else { return std::future::pending().await };
    if stop.wait_for(|stopped| *stopped).await.is_err() {
        return std::future::pending().await;
    }
    tokio::time::sleep(Duration::from_secs(grace_seconds)).await;
}

/// Notes how a job ended. Jobs done once have noted a good end themselves.
async fn note(app: &App, job: LeasedJob, ending: Ending, is_noted_when_done: bool) -> Result<(), DbError> {
    let error = match ending {
        Ending::Done if is_noted_when_done => {
            count(app, &job, "done");
            return Ok(());
        }
        Ending::Done => None,
        Ending::Failed(error) => Some(error.to_string()),
        Ending::TakenOver => {
            tracing::warn!(job = %job.id, kind = job.kind, "a job was taken over by another worker");
            count(app, &job, "taken_over");
            return Ok(());
        }
        Ending::Stopped => return give_back(app, vec![job]).await,
    };
    let is_last = job.attempts >= job.max_attempts;
    if let Some(error) = &error {
        tracing::error!(job = %job.id, kind = job.kind, attempts = job.attempts, error, "a job failed");
    }
    let outcome = match &error {
        None => "done",
        Some(_) if is_last => "dead",
        Some(_) => "failed",
    };
    let now = app.clock.by_hand();
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let in_time = match error {
        None => store::mark_done(&mut tx, std::slice::from_ref(&job), now).await? == 1,
        Some(error) if is_last => store::mark_dead(&mut tx, &job, &error, now).await?,
        Some(error) => {
            let pause = pause_seconds(job.attempts);
            store::mark_ready_again(&mut tx, &job, &error, pause, now).await?
        }
    };
    tx.commit().await?;
    if !in_time {
        tracing::warn!(job = %job.id, kind = job.kind, "a job ended after another worker had taken it over");
    }
    count(app, &job, if in_time { outcome } else { "taken_over" });
    Ok(())
}

fn count(app: &App, job: &LeasedJob, outcome: &'static str) {
    app.counts.add(Counted::Jobs, &job.kind, outcome, 1);
}

async fn give_back(app: &App, jobs: Vec<LeasedJob>) -> Result<(), DbError> {
    for job in &jobs {
        count(app, job, "given_back");
    }
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    let given = store::mark_given_back(&mut tx, &jobs, app.clock.by_hand()).await?;
    tx.commit().await?;
    tracing::info!(jobs = given, "work was given back, because this worker stops");
    Ok(())
}

/// Two, four, eight … seconds and up to a quarter more, so that jobs that failed together do not return together.
fn pause_seconds(attempts: i32) -> i64 {
    let pause = 2_i64.saturating_pow(attempts.clamp(1, 12).unsigned_abs());
    let mut byte = [0_u8; 1];
    // Without chance there is no jitter, which is no harm.
    let jitter = if getrandom::fill(&mut byte).is_ok() { i64::from(byte[0]) } else { 0 };
    pause + pause * jitter / 1024
}

#[cfg(test)]
mod tests {
    use super::pause_seconds;

    #[test]
    fn pauses_grow_with_a_little_chance_in_them() {
        for (attempts, pause) in [(1, 2), (4, 16), (12, 4096), (40, 4096)] {
            let seen = pause_seconds(attempts);
            assert!((pause..=pause + pause / 4).contains(&seen), "{seen} after {attempts} tries");
        }
    }
}

//! Two worker processes share thousands of jobs. One is stopped (SIGSTOP) for longer than its lease, in the middle of
//! its work, and goes on afterwards: every job is done once, and what the sleeper completes too late is refused.

use std::io::Read;
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use locumbank::ground::actor::Actor;
use locumbank::ground::app::App;
use locumbank::ground::app::job::{JobKind, Work};
use locumbank::ground::clock::Clock;
use locumbank::ground::counts::Counted;
use locumbank::ground::db::Tx;
use locumbank::ground::db::{BoxFuture, DbError, failed};
use locumbank::ground::outbox::sender::Mailer;
use locumbank::ground::queue::{JobError, NewJob, store};
use locumbank::ground::worker;
use locumbank::ground::worker::running::Bench;
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::sync::watch;
use uuid::Uuid;

use crate::support::desk::rounds;
use crate::support::{World, app_on};

/// In the environment of a worker that this story starts: the database it works on.
const WORKS_ON: &str = "LOCUMBANK_TEST_WORKS_ON";
const STORY: &str = "two_workers_share_the_queue::each_job_is_done_once_though_a_worker_oversleeps";
/// Jobs that are put into the queue before each nap of the worker that oversleeps.
const JOBS_A_NAP: i64 = 1_000;
const LEASE_SECONDS: i64 = 2;

const KINDS: &[JobKind] =
    &[JobKind { name: "write_a_row", title: "Write a row", work: Work::Once(write_a_row) }];

fn write_a_row<'c>(tx: &'c mut Tx, _app: &'c App, payload: &'c Value) -> BoxFuture<'c, Result<(), JobError>> {
    Box::pin(async move {
        sqlx::query("insert into written (number, by_process) values ($1, $2)")
            .bind(payload.as_i64())
            .bind(i64::from(std::process::id()))
            .execute(tx.connection())
            .await
            .map_err(failed("writing a row"))?;
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_job_is_done_once_though_a_worker_oversleeps() {
    if let Ok(database_url) = std::env::var(WORKS_ON) {
        return work_until_input_ends(&database_url).await;
    }
    let least = i64::try_from(rounds(5_000, 50_000)).expect("a count");
    let world = World::start_at(Clock::System).await;
    let mut connection = world.connection().await;
    sqlx::query("create table written (number bigint not null, by_process bigint not null)")
        .execute(&mut connection)
        .await
        .expect("a table");
    let began = Instant::now();
    let (mut steady, mut sleeper) = (Worker::start(&world), Worker::start(&world));
    let (mut jobs, mut naps, mut overtaken) = (0, 0, false);
    while !overtaken || jobs < least {
        naps += 1;
        assert!(naps <= 100, "the sleeper was never stopped with a lease and outside its transaction");
        enqueue(&world, jobs..jobs + JOBS_A_NAP).await;
        until_written(&mut connection, jobs + JOBS_A_NAP / 4).await;
        sleeper.signal("STOP");
        overtaken = is_overtaken_asleep(&mut connection).await || overtaken;
        sleeper.signal("CONT");
        jobs += JOBS_A_NAP;
        until_written(&mut connection, jobs).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    let refused = steady.end() + sleeper.end();

    let (rows, numbers, processes): (i64, i64, i64) =
        sqlx::query_as("select count(*), count(distinct number), count(distinct by_process) from written")
            .fetch_one(&mut connection)
            .await
            .expect("an answer");
    assert_eq!((rows, numbers, processes), (jobs, jobs, 2), "each row is written once, by two workers");
    let left: i64 =
        sqlx::query_scalar("select count(*) from job where kind = 'write_a_row' and state <> 'done'")
            .fetch_one(&mut connection)
            .await
            .expect("an answer");
    assert_eq!(left, 0);
    assert!(refused > 0, "a completion that came too late was refused");
    println!("{jobs} jobs in {seconds:.1} s, {naps} naps included; {refused} stale completions refused");
}

/// Whether a job that was under way when the sleeper was stopped is taken over while it sleeps. Waits until none of
/// them is under way under its old lease, or for longer than any lease: a worker that was stopped inside its transaction
/// keeps the locks of its jobs, and nobody takes them over.
async fn is_overtaken_asleep(connection: &mut PgConnection) -> bool {
    let under_way: Vec<(Uuid, i64)> =
        sqlx::query_as("select id, fence from job where kind = 'write_a_row' and state = 'running'")
            .fetch_all(&mut *connection)
            .await
            .expect("an answer");
    let (ids, fences): (Vec<_>, Vec<_>) = under_way.into_iter().unzip();
    for _ in 0..(LEASE_SECONDS + 2) * 20 {
        let (taken_over, open): (i64, i64) = sqlx::query_as(
            "select count(*) filter (where job.fence > held.fence and job.state = 'done'),
                    count(*) filter (where job.fence = held.fence and job.state = 'running')
               from job join unnest($1::uuid[], $2::bigint[]) as held (id, fence) on held.id = job.id",
        )
        .bind(&ids)
        .bind(&fences)
        .fetch_one(&mut *connection)
        .await
        .expect("an answer");
        if taken_over > 0 || open == 0 {
            return taken_over > 0;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

async fn until_written(connection: &mut PgConnection, rows: i64) {
    let mut written = 0;
    for _ in 0..12_000 {
        written = sqlx::query_scalar("select count(*) from written")
            .fetch_one(&mut *connection)
            .await
            .expect("an answer");
        if written >= rows {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{written} rows of {rows} were written");
}

async fn enqueue(world: &World, numbers: Range<i64>) {
    let now = world.app.clock.now();
    let jobs: Vec<NewJob> = numbers
        .map(|number| NewJob {
            bank: None,
            kind: "write_a_row",
            unique_key: None,
            payload: json!(number),
            priority: 5,
            run_at: now,
        })
        .collect();
    let queued = world.app.db.change(Actor::SERVICE, async |tx| store::insert_jobs(tx, &jobs).await);
    let queued: Result<_, DbError> = queued.await;
    queued.expect("the jobs are queued");
}

/// What the other process does: it works until its standard input ends, and says how many of its completions were
/// refused.
async fn work_until_input_ends(database_url: &str) {
    let app = app_on(database_url, Clock::System).await;
    let mailer = Mailer::open(&app).expect("a relay");
    let (stop, stopped) = watch::channel(false);
    let bench = Bench { kinds: KINDS, lease_seconds: LEASE_SECONDS, ..Bench::of(KINDS) };
    let work = tokio::spawn(worker::run(app.clone(), mailer, bench, stopped));
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    ended.await.expect("a thread").expect("the input's end");
    stop.send_replace(true);
    work.await.expect("the worker ends");
    println!("refused:{}", app.counts.total(Counted::Jobs, "taken_over"));
}

struct Worker(Child);

impl Worker {
    fn start(world: &World) -> Self {
        let program = std::env::current_exe().expect("this program");
        let child = Command::new(program)
            .args(["--exact", STORY, "--nocapture"])
            .env(WORKS_ON, world.database_url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a worker starts");
        Self(child)
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill").args(["-s", signal, &self.0.id().to_string()]).status();
        assert!(done.expect("kill is installed").success());
    }

    /// Ends it in order, and gives how many of its completions were refused.
    fn end(&mut self) -> u64 {
        drop(self.0.stdin.take());
        let mut said = String::new();
        self.0.stdout.take().expect("its output").read_to_string(&mut said).expect("text");
        self.0.wait().expect("its end");
        let count = said.split("refused:").nth(1).and_then(|rest| rest.split_whitespace().next());
        count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{said}"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It has ended where the story went well.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

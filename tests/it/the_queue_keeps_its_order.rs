//! What is urgent goes first; a worker that is told to stop finishes or gives back; schedules run once per due time,
//! whatever the workers' clocks say.

use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use locumbank::ground::actor::Actor;
use locumbank::ground::app::App;
use locumbank::ground::app::job::{JobKind, Work};
use locumbank::ground::clock::Clock;
use locumbank::ground::db::Tx;
use locumbank::ground::db::{DbError, failed};
use locumbank::ground::outbox::sender::{Mailer, Step};
use locumbank::ground::queue::schedule::{Schedule, When};
use locumbank::ground::queue::{JobError, NewJob, store};
use locumbank::ground::worker;
use locumbank::ground::worker::due::queue_due_of;
use locumbank::ground::worker::running::Bench;
use locumbank::work::planning::messages::NOT_CHOSEN;
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::sync::watch;

use crate::support::relay::Relay;
use crate::support::seed::Seed;
use crate::support::{World, mail_to};

const KINDS: &[JobKind] = &[
    JobKind {
        name: "write",
        title: "Write",
        work: Work::Once(|tx, _, payload| Box::pin(write(tx, payload))),
    },
    JobKind { name: "nap", title: "Nap", work: Work::Alone(|app, payload| Box::pin(nap(app, payload))) },
    JobKind {
        name: "fail",
        title: "Fail",
        work: Work::Alone(|_, _| Box::pin(async { Err(JobError::Failed("no".to_owned())) })),
    },
    JobKind {
        name: "panic",
        title: "Panic",
        work: Work::Once(|_, _, _| Box::pin(async { panic!("on purpose") })),
    },
];
const BENCH: Bench = Bench { kinds: KINDS, lease_seconds: 60, grace_seconds: 60 };

async fn write(tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
    sqlx::query("insert into written (word) values ($1)")
        .bind(payload.as_str())
        .execute(tx.connection())
        .await
        .map_err(failed("writing a word"))?;
    Ok(())
}

/// Sleeps for the milliseconds of its payload, and writes that it woke.
async fn nap(app: App, payload: Value) -> Result<(), JobError> {
    tokio::time::sleep(Duration::from_millis(payload.as_u64().unwrap_or_default())).await;
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    write(&mut tx, &json!("woke")).await?;
    Ok(tx.commit().await?)
}

async fn world_with_words() -> (World, PgConnection) {
    let world = World::start_at(Clock::System).await;
    let mut connection = world.connection().await;
    sqlx::query("create table written (position bigint generated always as identity, word text not null)")
        .execute(&mut connection)
        .await
        .expect("a table");
    (world, connection)
}

fn job(kind: &'static str, payload: Value, priority: i16, run_at: DateTime<Utc>) -> NewJob {
    NewJob { bank: None, kind, unique_key: None, payload, priority, run_at }
}

async fn queue(world: &World, jobs: Vec<NewJob>) {
    let queued = world.app.db.change(Actor::SERVICE, async |tx| store::insert_jobs(tx, &jobs).await);
    let queued: Result<_, DbError> = queued.await;
    queued.expect("the jobs are queued");
}

async fn words(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("select word from written order by position")
        .fetch_all(connection)
        .await
        .expect("words")
}

/// The states and tries of the jobs, in the order they were made.
async fn jobs(connection: &mut PgConnection) -> Vec<(String, i32)> {
    sqlx::query_as("select state, attempts from job order by id").fetch_all(connection).await.expect("jobs")
}

#[tokio::test]
async fn an_urgent_job_goes_before_a_thousand_others() {
    let (world, mut connection) = world_with_words().await;
    let before = world.app.clock.now() - TimeDelta::minutes(1);
    let mut all: Vec<_> = (0..1_000).map(|_| job("write", json!("digest"), 7, before)).collect();
    all.push(job("write", json!("offer"), 2, before + TimeDelta::seconds(30)));
    queue(&world, all).await;
    BENCH.run_next(&world.app, 9, None).await.expect("a job runs");
    assert_eq!(words(&mut connection).await[0], "offer");
}

#[tokio::test]
async fn a_runner_for_what_is_urgent_leaves_the_rest() {
    let (world, mut connection) = world_with_words().await;
    let before = world.app.clock.now() - TimeDelta::minutes(1);
    queue(&world, vec![job("nap", json!(0), 9, before), job("write", json!("offer"), 3, before)]).await;
    assert_eq!(BENCH.run_next(&world.app, 3, None).await.expect("a job runs"), 1);
    assert_eq!(BENCH.run_next(&world.app, 3, None).await.expect("nothing runs"), 0);
    assert_eq!(words(&mut connection).await, ["offer"]);
}

#[tokio::test]
async fn an_offers_mail_goes_before_the_digests() {
    let world = World::start().await;
    let seed = Seed::bank(&world, "Test bank").await;
    let digest = |at| {
        let mut mail = mail_to(seed.bank, &format!("digest{at}@people.test"), "A digest");
        mail.kind = &NOT_CHOSEN;
        mail
    };
    world.write_mails((0..50).map(digest).collect()).await;
    world.app.clock.advance(TimeDelta::minutes(1));
    world.write_mails(vec![mail_to(seed.bank, "offer@people.test", "An offer")]).await;
    let mut lane = Mailer::open(&world.app).expect("a relay").lane();
    assert_eq!(lane.send_next(&world.app).await.expect("the outbox is read"), Step::Worked);
    assert_eq!(world.inbox.all()[0].to, ["offer@people.test"]);
}

#[tokio::test]
async fn one_job_that_fails_keeps_no_other_from_being_done() {
    let (world, mut connection) = world_with_words().await;
    let before = world.app.clock.now() - TimeDelta::minutes(1);
    let all = ["a", "b"].map(|word| job("write", json!(word), 5, before));
    let [first, last] = all;
    queue(&world, vec![first, job("panic", Value::Null, 5, before), last]).await;
    while BENCH.run_next(&world.app, 9, None).await.expect("jobs run") > 0 {}
    assert_eq!(words(&mut connection).await, ["a", "b"]);
    let states = jobs(&mut connection).await;
    assert_eq!(states, [("done".to_owned(), 1), ("ready".to_owned(), 1), ("done".to_owned(), 1)]);
}

#[tokio::test]
async fn a_job_whose_tries_are_used_up_waits_for_a_person() {
    let (world, mut connection) = world_with_words().await;
    queue(&world, vec![job("fail", Value::Null, 5, world.app.clock.now() - TimeDelta::minutes(1))]).await;
    for _ in 0..8 {
        sqlx::query("update job set run_at = now() - interval '1 second' where state = 'ready'")
            .execute(&mut connection)
            .await
            .expect("the pause is over");
        assert_eq!(BENCH.run_next(&world.app, 9, None).await.expect("the job runs"), 1);
    }
    assert_eq!(jobs(&mut connection).await, [("dead".to_owned(), 8)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_told_to_stop_finishes_what_it_is_at_and_takes_nothing_more() {
    let (world, mut connection) = world_with_words().await;
    let before = world.app.clock.now() - TimeDelta::minutes(1);
    queue(&world, (0..20).map(|_| job("nap", json!(400), 5, before)).collect()).await;
    stop_in_the_middle(&world, BENCH).await;
    let states = jobs(&mut connection).await;
    let done = states.iter().filter(|(state, _)| state == "done").count();
    assert!((1..20).contains(&done), "{states:?}");
    assert_eq!(words(&mut connection).await.len(), done, "what was begun was finished");
    assert!(states.iter().all(|(state, _)| state != "running"), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_takes_too_long_after_the_stop_is_given_back() {
    let (world, mut connection) = world_with_words().await;
    queue(&world, vec![job("nap", json!(60_000), 5, world.app.clock.now() - TimeDelta::minutes(1))]).await;
    stop_in_the_middle(&world, Bench { grace_seconds: 0, ..BENCH }).await;
    let states = jobs(&mut connection).await;
    assert_eq!(states[0], ("ready".to_owned(), 0), "another worker may take it at once, with all its tries");
    assert!(words(&mut connection).await.is_empty());
}

/// Runs a worker, and tells it to stop when it is at work.
async fn stop_in_the_middle(world: &World, bench: Bench) {
    let mailer = Mailer::open(&world.app).expect("a relay");
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(worker::run(world.app.clone(), mailer, bench, stopped));
    let mut connection = world.connection().await;
    until(&mut connection, "select count(*) from job where kind = 'nap' and state = 'running'").await;
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(30), work).await.expect("the worker stops").expect("in order");
}

/// Waits until the question's answer is not zero.
async fn until(connection: &mut PgConnection, question: &'static str) {
    for _ in 0..1_000 {
        let count: i64 = sqlx::query_scalar(question).fetch_one(&mut *connection).await.expect("an answer");
        if count > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {question}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_process_that_gets_sigterm_finishes_the_mail_it_is_at() {
    let world = World::start_at(Clock::System).await;
    let seed = Seed::bank(&world, "Test bank").await;
    let relay = Relay::start().await;
    let mut process = Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(["worker", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml")])
        .env("DATABASE_URL", world.database_url())
        .env("SMTP_URL", relay.url())
        .env_remove("REDIS_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the worker starts");
    let to = "before-250.stop@people.test";
    world.write_mails(vec![mail_to(seed.bank, to, "Text")]).await;
    relay.until_stopped_for(to).await;
    let told = Command::new("kill").args(["-s", "TERM", &process.id().to_string()]).status();
    assert!(told.expect("kill is installed").success());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(process.try_wait().expect("its state").is_none(), "it waits for the relay's answer");
    relay.go_on(to);
    let ended =
        tokio::task::spawn_blocking(move || process.wait()).await.expect("a thread").expect("its end");
    assert!(ended.success(), "{ended}");
    let state: String = sqlx::query_scalar("select state from mail")
        .fetch_one(&mut world.connection().await)
        .await
        .expect("the mail");
    assert_eq!(state, "sent");
}

const DAILY: &[Schedule] = &[Schedule { kind: "write", when: When::EveryMinutes(1440), priority: 5 }];
const EACH_MINUTE: &[Schedule] = &[Schedule { kind: "write", when: When::EveryMinutes(1), priority: 5 }];

#[tokio::test(flavor = "multi_thread")]
async fn a_due_time_is_run_once_whatever_the_workers_clocks_say() {
    let (world, mut connection) = world_with_words().await;
    let hours = [-50, -26, -1, 0, 0, 1, 26, 50];
    let mut workers = Vec::new();
    for ahead in hours {
        let mut app = world.app.clone();
        app.clock = Clock::Ahead(TimeDelta::hours(ahead));
        workers.push(tokio::spawn(async move {
            for _ in 0..5 {
                queue_due_of(&app, DAILY).await.expect("the schedule is kept");
            }
        }));
    }
    for worker in workers {
        worker.await.expect("a worker");
    }
    // Midnight may have passed meanwhile, which is a due time more.
    let (queued, days): (i64, i64) = sqlx::query_as(
        "select (select count(*) from job),
                (now()::date - (select min(created_at at time zone 'UTC') from job)::date)::bigint",
    )
    .fetch_one(&mut connection)
    .await
    .expect("an answer");
    assert!(queued == 1 || days != 0 && queued == 2, "{queued} jobs");
}

#[tokio::test]
async fn after_a_downtime_one_due_time_is_caught_up() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    queue_due_of(&world.app, EACH_MINUTE).await.expect("the schedule is kept");
    sqlx::query("update job set state = 'done', finished_at = now()")
        .execute(&mut connection)
        .await
        .expect("done");
    world.app.clock.advance(TimeDelta::days(3));
    for _ in 0..10 {
        queue_due_of(&world.app, EACH_MINUTE).await.expect("the schedule is kept");
    }
    assert_eq!(jobs(&mut connection).await.len(), 2, "three days were missed, and one job makes up for them");
    world.app.clock.advance(TimeDelta::minutes(1));
    queue_due_of(&world.app, EACH_MINUTE).await.expect("the schedule is kept");
    assert_eq!(jobs(&mut connection).await.len(), 2, "while it waits, no other is added");
}

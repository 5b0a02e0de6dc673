//! Jobs a second: two workers share a queue of jobs that each write a row, beside the same rows written by plain SQL in
//! the same run. `./dev bench queue`; `JOBS=` for another number than 50,000.

use std::time::Instant;

use locumbank::ground::actor::Actor;
use locumbank::ground::app::App;
use locumbank::ground::app::in_hand::InHand;
use locumbank::ground::app::job::{JobKind, Work};
use locumbank::ground::cache::Cache;
use locumbank::ground::clock::Clock;
use locumbank::ground::counts::Counts;
use locumbank::ground::db::{BoxFuture, Db, DbError, Tx, failed};
use locumbank::ground::mail::links::LinkKey;
use locumbank::ground::queue::{JobError, NewJob, store};
use locumbank::ground::settings;
use locumbank::ground::worker::running::Bench;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};

const KINDS: &[JobKind] = &[JobKind { name: "write", title: "Write", work: Work::Once(write) }];
const WORKERS: usize = 2;
/// As many at once as a worker process has runners.
const RUNNERS: usize = 3;
/// Rows a transaction of plain SQL writes: as many as jobs share one.
const TOGETHER: usize = 32;

fn write<'c>(tx: &'c mut Tx, _app: &'c App, payload: &'c Value) -> BoxFuture<'c, Result<(), JobError>> {
    Box::pin(async move { Ok(write_row(tx.connection(), payload.as_i64().unwrap_or_default()).await?) })
}

async fn write_row(connection: &mut PgConnection, number: i64) -> Result<(), DbError> {
    sqlx::query("insert into written (number) values ($1)")
        .bind(number)
        .execute(connection)
        .await
        .map_err(failed("writing a row"))?;
    Ok(())
}

fn main() {
    // cargo passes --bench, and what the caller looks for.
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if !filters.is_empty() && !filters.iter().any(|filter| "queue".contains(filter.as_str())) {
        return;
    }
    let jobs = std::env::var("JOBS").ok().and_then(|jobs| jobs.parse().ok()).unwrap_or(50_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(jobs));
}

async fn measure(jobs: i64) {
    let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a server; ./dev bench starts one");
    let name = format!("bench_queue_{}", std::process::id());
    let mut connection = PgConnection::connect(&server).await.expect("the server");
    connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a database");
    let url = with_database(&server, &name);
    locumbank::ground::db::roles::migrate(&url, &url).await.expect("the migrations run");
    let mut own = PgConnection::connect(&url).await.expect("the database");
    own.execute("create table written (number bigint not null)").await.expect("a table");

    for (what, together) in
        [("plain SQL, a row a transaction", 1), ("plain SQL, 32 rows a transaction", TOGETHER)]
    {
        let began = Instant::now();
        plain_sql(&url, jobs, together).await;
        report(what, jobs, began);
    }
    let began = Instant::now();
    enqueue(&url, jobs).await;
    report("jobs enqueued in bulk", jobs, began);
    let began = Instant::now();
    two_workers(&url).await;
    report("jobs done by two workers", jobs, began);
    let rows: i64 =
        sqlx::query_scalar("select count(*) from written").fetch_one(&mut own).await.expect("a count");
    assert_eq!(rows, 3 * jobs, "each row was written once");

    own.close().await.expect("the end");
    connection
        .execute(sqlx::AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .expect("the end");
}

fn report(what: &str, jobs: i64, began: Instant) {
    let milliseconds = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX).max(1);
    println!("{what:<34} {:>8} a second ({jobs} in {milliseconds} ms)", jobs * 1000 / milliseconds);
}

/// As many connections as there are runners write the rows.
async fn plain_sql(url: &str, rows: i64, together: usize) {
    let writers = WORKERS * RUNNERS;
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let url = url.to_owned();
        tasks.push(tokio::spawn(async move {
            let mut connection = PgConnection::connect(&url).await.expect("a connection");
            let own: Vec<i64> = (0..rows).skip(writer).step_by(writers).collect();
            for numbers in own.chunks(together) {
                let mut transaction = connection.begin().await.expect("a transaction");
                for number in numbers {
                    write_row(&mut transaction, *number).await.expect("a row");
                }
                transaction.commit().await.expect("a commit");
            }
        }));
    }
    for task in tasks {
        task.await.expect("a writer");
    }
}

async fn enqueue(url: &str, jobs: i64) {
    let app = app_on(url);
    let now = app.clock.now();
    let job = |number| NewJob {
        bank: None,
        kind: "write",
        unique_key: None,
        payload: json!(number),
        priority: 5,
        run_at: now,
    };
    let jobs: Vec<NewJob> = (0..jobs).map(job).collect();
    let queued = app.db.change(Actor::SERVICE, async |tx| store::insert_jobs(tx, &jobs).await);
    let queued: Result<_, DbError> = queued.await;
    queued.expect("the jobs are queued");
}

/// Two workers, each with a pool and runners of its own, until nothing is left.
async fn two_workers(url: &str) {
    let mut runners = Vec::new();
    for _ in 0..WORKERS {
        let app = app_on(url);
        for _ in 0..RUNNERS {
            let app = app.clone();
            let bench = Bench { kinds: KINDS, ..Bench::of(KINDS) };
            runners.push(tokio::spawn(async move {
                while bench.run_next(&app, 9, None).await.expect("a job runs") > 0 {}
            }));
        }
    }
    for runner in runners {
        runner.await.expect("a runner");
    }
}

fn app_on(url: &str) -> App {
    let mut settings = settings::read(None).expect("settings");
    settings.secrets.link_key = "00".repeat(32).into();
    let link_key = LinkKey::from_hex(&settings.secrets.link_key).expect("a key");
    let data_key = link_key.data_key(&settings.secrets.data_key).expect("a key");
    let db = Db::open(url, 8, Clock::System).expect("an address");
    let cache = Cache::open("").expect("a cache");
    App {
        settings: settings.into(),
        db,
        cache,
        clock: Clock::System,
        link_key,
        data_key,
        counts: Counts::default(),
        site: &locumbank::site::SITE,
        in_hand: InHand::default(),
    }
}

/// `url` with another database.
fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{}/{database}{query}", &address[..end])
}

//! Signed-in pages a second, how long each took and how many statements each sends, beside what PostgreSQL and a bare
//! server do in the same run. `./dev bench pages`; `CLIENTS=` for another number of people at once than 8, `SECONDS=` for
//! longer than 2 seconds a page, `PAGE=/fill-rate,/me` for these alone, with their statements listed.
//!
//! The pages are those of the demonstration after a plan was asked for and published through its forms.

#[path = "pages/list.rs"]
mod list;
#[expect(dead_code, reason = "each measurement uses its own part")]
mod load;
#[path = "pages/prepare.rs"]
mod prepare;

use std::time::Duration;

use list::{READERS, Reader};
use load::bare::Bare;
use load::database::{Database, execute};
use load::drive::{Asked, Limits, drive};
use load::figures::Figures;
use load::http::Client;
use load::pgbench;
use load::running::{Run, RunningServer};
use load::statements;
use sqlx::PgConnection;

/// No page is asked for more often.
const MOST_REQUESTS: usize = 20_000;

/// How every page is measured.
struct Measure {
    limits: Limits,
    connection: PgConnection,
    only: Vec<String>,
}

fn main() {
    if !load::is_wanted("pages") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let clients = usize::try_from(load::number("CLIENTS", 8)).expect("a number of clients");
    let seconds = load::number("SECONDS", 2);
    let limits = Limits { clients, requests: MOST_REQUESTS, time: Duration::from_secs(seconds) };
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::of_demonstration("pages", folder.path()).await;
    let mut connection = database.connect().await;
    prepare::publish_a_plan(&database.url, folder.path()).await;
    execute(&mut connection, "create table bench_bare (said text)").await;
    execute(&mut connection, "vacuum analyze").await;
    execute(&mut connection, "checkpoint").await;
    pgbench::initialise(&database.url);

    Figures::print_heading(&format!("{clients} at once, {seconds} s each"));
    for (protocol, what) in
        [("simple", "pgbench, select-only, as it comes"), ("prepared", "pgbench, select-only, prepared")]
    {
        pgbench::select_only(&database.url, folder.path(), protocol, (clients, seconds)).print(what);
    }
    let bare = Bare::start(&database.url);
    let one = Asked::Page { path: "/one".to_owned(), headers: String::new() };
    drive(bare.address, &one, 200, limits).await.print("select 1 by bare actix and sqlx");
    bare.stop().await;

    let only = std::env::var("PAGE").unwrap_or_default();
    let only: Vec<String> = only.split(',').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    if !only.is_empty() {
        statements::watch_planning(&mut connection).await;
    }
    let service = RunningServer::start(Run::Pages, &database.url, folder.path()).await;
    let mut measure = Measure { limits, connection, only };
    for reader in READERS {
        read_all(&service, &mut measure, &reader).await;
    }
    drop((service, measure));
    database.drop_it().await;
}

/// Measures the pages of one reader.
async fn read_all(service: &RunningServer, measure: &mut Measure, reader: &Reader) {
    let mut client = Client::connect(service.address).await.expect("a connection");
    let headers = prepare::sign_in(&mut client, reader.email).await;
    println!(
        "\n{:<52} {:>9} {:>9} {:>9} {:>6} {:>6} {:>7} {:>7}",
        format!("a {}", reader.kind),
        "a second",
        "p50 ms",
        "p99 ms",
        "sent",
        "frame",
        "SQL ms",
        "KB"
    );
    for listed in reader.pages {
        let is_wanted = measure.only.is_empty() || measure.only.iter().any(|only| only == listed.path);
        if !is_wanted {
            continue;
        }
        // The service hangs up on a connection that has been idle.
        client = Client::connect(service.address).await.expect("a connection");
        match prepare::path_of(&mut client, listed, &headers).await {
            Some(path) => one_page(service, measure, (listed.path, &path), &headers).await,
            None => println!("{:<52} the demonstration has none", listed.path),
        }
    }
}

async fn one_page(service: &RunningServer, measure: &mut Measure, (name, path): (&str, &str), headers: &str) {
    let asked = Asked::Page { path: path.to_owned(), headers: headers.to_owned() };
    let mut client = Client::connect(service.address).await.expect("a connection");
    // The first page leads on to another.
    let status = client.get(path, headers).await.status;
    if status >= 400 {
        println!("{name:<52} answers {status} in the demonstration");
        return;
    }
    // Every connection of the service prepares its statements.
    let warm = Limits { requests: 200, ..measure.limits };
    drive(service.address, &asked, status, warm).await;
    statements::forget(&mut measure.connection).await;
    let answer = client.get(path, headers).await;
    let sent = statements::sent(&mut measure.connection).await;
    if !measure.only.is_empty() {
        statements::print(&mut measure.connection, 1).await;
    }
    let figures = drive(service.address, &asked, status, measure.limits).await;
    println!(
        "{name:<52} {:>9.0} {:>9.2} {:>9.2} {:>6} {:>6} {:>7.2} {:>7}",
        figures.a_second,
        figures.p50_ms,
        figures.p99_ms,
        sent.statements,
        sent.frame,
        sent.milliseconds,
        answer.body.len() / 1024
    );
}

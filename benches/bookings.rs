//! Accepts a second through the whole service, beside the same rows by plain SQL and one row by a bare server, in one run
//! on one cluster whose writes are synced. `./dev bench bookings`; `ACCEPTS=` for another number than 800 a case,
//! `STATEMENTS=1` for every statement that the service sends for an accept.
//!
//! An accept is the form that a clinician sends from the link in an offer's mail. It finds the offer, judges the booking,
//! and writes it with its event, both mails with their calendar entries, the audit log and the idempotency record. The
//! pgbench script `bookings/same_rows.sql` locks and writes the same rows and judges nothing; that they are the same is
//! counted. In every case 1,000 other offers stand open.

#[expect(dead_code, reason = "each measurement uses its own part")]
mod load;
#[path = "bookings/sink.rs"]
mod sink;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use load::bare::Bare;
use load::database::{Database, execute};
use load::drive::{Asked, Limits, drive};
use load::figures::Figures;
use load::pgbench::{self, Until};
use load::running::{Run, RunningServer};
use load::statements;
use sqlx::{AssertSqlSafe, PgConnection};

/// How many clients at once.
const CLIENTS: [usize; 3] = [1, 8, 64];
/// Offers that stand open meanwhile and are never answered.
const BESIDE: usize = 1000;
/// No case takes longer.
const LONGEST: Duration = Duration::from_mins(1);
/// Rows that each accept must write, whoever writes them: a change of the service that writes others is one to
/// `bookings/same_rows.sql` too.
const PEOPLE: &str = include_str!("bookings/people.sql");
const OFFERS: &str = include_str!("bookings/offers.sql");
const EMPTY_OUTBOX: &str = "update mail set state = 'sent', finished_at = now() where state in ('pending', 'uncertain', 'for_digest')";
const SAME_ROWS: &str = include_str!("bookings/same_rows.sql");

/// Rows by table.
type Rows = BTreeMap<String, i64>;

/// The database, and the offers that were made in it.
struct Ground {
    connection: PgConnection,
    url: String,
    folder: tempfile::TempDir,
    made: usize,
}

fn main() {
    if !load::is_wanted("bookings") {
        return;
    }
    let accepts = usize::try_from(load::number("ACCEPTS", 800)).expect("a number of accepts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(accepts));
}

async fn measure(accepts: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::of_demonstration("bookings", folder.path()).await;
    let connection = database.connect().await;
    let mut ground = Ground { connection, url: database.url.clone(), folder, made: 0 };
    execute(&mut ground.connection, PEOPLE).await;
    if std::env::var_os("STATEMENTS").is_some() {
        statements::watch_planning(&mut ground.connection).await;
    }
    ground.offer(BESIDE).await;
    keep_letters(&mut ground).await;
    let relay = format!("smtp://{}", sink::start().await);
    for clients in CLIENTS {
        // One client alone waits for the disk, again and again.
        let each = if clients == 1 { accepts / 4 } else { accepts / clients };
        compare(&mut ground, &relay, clients, each.max(1)).await;
    }
    drop(ground);
    database.drop_it().await;
}

/// All the ways, one after the other, with so many clients who each accept so many offers.
async fn compare(ground: &mut Ground, relay: &str, clients: usize, each: usize) {
    Figures::print_heading(&format!("{clients} at once, {} in all", clients * each));
    let (alone, by_service) = accept(ground, Run::Pages, clients, each).await;
    alone.print("accepted by the service, no mail leaving");
    let (beside, _) = accept(ground, Run::PagesAndWork(relay), clients, each).await;
    beside.print("accepted by the service, their mails leaving beside");

    // The first of each client make its plans, and are not measured.
    let with_warming = each + usize::try_from(pgbench::WARMING).expect("a few");
    let first = ground.offer(clients * with_warming).await;
    let before = ground.rows().await;
    let variables = [("number", 0), ("first", first), ("each", with_warming)];
    let times = (clients, Until::Times(with_warming));
    let script = pgbench::script(&ground.url, ground.folder.path(), times, SAME_ROWS, &variables);
    let by_script = difference(&before, &ground.rows().await);
    script.print("the same rows by a pgbench script");
    let each_accept = |rows: &Rows, accepts: usize| -> Rows {
        let accepts = i64::try_from(accepts).unwrap_or(i64::MAX);
        rows.iter().map(|(table, rows)| (table.clone(), rows / accepts)).collect()
    };
    assert_eq!(
        each_accept(&by_service, clients * each),
        each_accept(&by_script, clients * with_warming),
        "the service and the script wrote different rows"
    );

    let bare = Bare::start(&ground.url);
    let asked = Asked::Forms { paths: vec!["/row".to_owned(); clients * each].into(), form: "" };
    drive(bare.address, &asked, 303, limits(clients, each)).await.print("one row by bare actix and sqlx");
    bare.stop().await;
    println!(
        "the service does {:.0} % of the script; its p99 is {:.1} times the script's",
        100.0 * alone.a_second / script.a_second,
        alone.p99_ms / script.p99_ms
    );
}

fn limits(clients: usize, each: usize) -> Limits {
    Limits { clients, requests: clients * each, time: LONGEST }
}

/// Lets the clients accept so many offers each, by their links; gives also the rows that this added.
async fn accept(ground: &mut Ground, run: Run<'_>, clients: usize, each: usize) -> (Figures, Rows) {
    // The first of them make the service's connections and plans.
    let warming = 4 * clients.max(8);
    let first = ground.offer(warming + clients * each).await;
    let links = |from: usize, until: usize| -> Asked {
        let paths: Vec<String> = (from..until).map(|number| format!("/offer-link/bench-{number}")).collect();
        Asked::Forms { paths: Arc::new(paths), form: "answer=accept" }
    };
    // What went before has left: only the mails of these accepts leave beside them.
    execute(&mut ground.connection, EMPTY_OUTBOX).await;
    let service = RunningServer::start(run, &ground.url, ground.folder.path()).await;
    let warm = Limits { clients, requests: warming, time: LONGEST };
    drive(service.address, &links(first, first + warming), 303, warm).await;
    let asked = links(first + warming, first + warming + clients * each);
    let before = ground.rows().await;
    statements::forget(&mut ground.connection).await;
    let figures = drive(service.address, &asked, 303, limits(clients, each)).await;
    if std::env::var_os("STATEMENTS").is_some() {
        statements::print(&mut ground.connection, clients * each).await;
    }
    (figures, difference(&before, &ground.rows().await))
}

/// Keeps the two mails of a first booking, which the script then writes again and again.
async fn keep_letters(ground: &mut Ground) {
    let first = ground.offer(1).await;
    let service = RunningServer::start(Run::Pages, &ground.url, ground.folder.path()).await;
    let one =
        Asked::Forms { paths: vec![format!("/offer-link/bench-{first}")].into(), form: "answer=accept" };
    drive(service.address, &one, 303, limits(1, 1)).await;
    let of_first = "from booking b join bench_wish w on w.bank_id = b.bank_id and w.offer_id = b.offer_id
                    join mail m on m.bank_id = b.bank_id and m.booking_id = b.id";
    execute(&mut ground.connection, &format!("insert into bench_letter select m.* {of_first}")).await;
    execute(
        &mut ground.connection,
        &format!(
            "insert into bench_letter_recipient
             select r.* {of_first} join mail_recipient r on r.bank_id = m.bank_id and r.mail_id = m.id"
        ),
    )
    .await;
    let letters = count(&mut ground.connection, "bench_letter").await;
    assert_eq!(letters, 2, "a booking has a mail to either side");
}

impl Ground {
    /// Makes so many sessions that are each offered to one clinician, and gives the number of the first.
    async fn offer(&mut self, offers: usize) -> usize {
        let (first, after) = (self.made, self.made + offers);
        let statements = OFFERS.replace("FIRST", &first.to_string()).replace("AFTER", &after.to_string());
        for statement in statements.split(";\n") {
            execute(&mut self.connection, statement).await;
        }
        self.made = after;
        first
    }

    /// How many rows each table has, and how many offers are accepted.
    async fn rows(&mut self) -> Rows {
        let tables: Vec<String> = sqlx::query_scalar(
            "select tablename from pg_tables where schemaname = 'public' and tablename not like 'bench%'",
        )
        .fetch_all(&mut self.connection)
        .await
        .expect("the tables");
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = count(&mut self.connection, &table).await;
            rows.insert(table, count);
        }
        let accepted = count(&mut self.connection, "offer where state = 'accepted'").await;
        rows.insert("offers accepted".to_owned(), accepted);
        rows
    }
}

async fn count(connection: &mut PgConnection, from: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {from}")))
        .fetch_one(connection)
        .await
        .expect("a count")
}

/// The rows that were added, by table.
fn difference(before: &Rows, after: &Rows) -> Rows {
    let added = |(table, rows): (&String, &i64)| (table.clone(), rows - before.get(table).unwrap_or(&0));
    after.iter().map(added).filter(|(_, added)| *added != 0).collect()
}

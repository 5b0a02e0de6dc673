//! Browsers reset their connections in the middle of requests, and the server drops what it was doing: no write that
//! was acknowledged is lost by it.

use std::time::{Duration, Instant};

use locumbank::ground::actor::Actor;
use locumbank::ground::clock::Clock;
use locumbank::ground::db::Db;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::desk::{assert_sound, link_of, offer, rounds};
use crate::support::empty_database;
use crate::support::opening::Opening;

/// Browsers at once. Each resets a connection, and then writes by what the server has in its pool.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn resets_in_the_middle_of_requests_lose_no_write() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let made = offer(&world, seed.bank, administrator.account, session, ann.id).await;
    let link = link_of(&world, made);
    sqlx::query("create table written (number bigint primary key)")
        .execute(seed.connection())
        .await
        .expect("a table");
    let address = world.base_url.trim_start_matches("http://").to_owned();
    let request = format!(
        "POST {link} HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 14\r\n\r\nanswer=decline"
    );
    let resets = rounds(1_000, 100_000) / AT_ONCE;
    let browsers: Vec<_> = (0..AT_ONCE)
        .map(|first| {
            let (db, address, request) = (world.app.db.clone(), address.clone(), request.clone());
            tokio::spawn(async move {
                for time in 0..resets {
                    reset(&address, &request, time).await;
                    write(&db, i64::try_from(time * AT_ONCE + first).expect("a number")).await;
                }
            })
        })
        .collect();
    for browser in browsers {
        browser.await.expect("it resets, and writes");
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from written")
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(usize::try_from(kept).expect("a count"), resets * AT_ONCE, "each write was acknowledged");
    world.visitor().get(&link).await.expect(200).says("You declined this session");
    assert_sound(seed.connection()).await;
    world.stop().await;
}

/// Writes a number by the service's own connections, and is told that it is written.
async fn write(db: &Db, number: i64) {
    let mut tx = db.begin(Actor::SERVICE).await.expect("a transaction");
    let insert = sqlx::query("insert into written (number) values ($1)").bind(number);
    insert.execute(tx.connection()).await.expect("it is written");
    tx.commit().await.expect("it is acknowledged");
}

/// Sends the request and resets the connection, at another moment each time, before the answer and after.
async fn reset(address: &str, request: &str, time: usize) {
    let mut stream = TcpStream::connect(address).await.expect("the server answers");
    // Closing then sends a reset, as a browser's crash or a phone's lost network does.
    stream.set_zero_linger().expect("a reset is asked for");
    stream.write_all(request.as_bytes()).await.expect("the request goes out");
    let micros = u64::try_from(time % 16).expect("a number") * 250;
    tokio::time::sleep(Duration::from_micros(micros)).await;
}

/// So often a transaction's beginning is dropped while it is under way.
const DROPS: u64 = 1_000;

/// A moment too short for a timer, in which whatever is ready goes on.
async fn moment(length: Duration) {
    let began = Instant::now();
    while began.elapsed() < length {
        tokio::task::yield_now().await;
    }
}

/// Drops beginnings of transactions, writes a row after each, and gives how many acknowledged rows are lost.
async fn lost_after_drops<B: Future>(
    begin: impl Fn() -> B,
    write: impl AsyncFn(i64),
    database_url: &str,
) -> u64 {
    let mut beside = PgConnection::connect(database_url).await.expect("a connection");
    sqlx::query("create table written (number bigint)").execute(&mut beside).await.expect("a table");
    for number in 0..DROPS {
        tokio::select! {
            biased;
            begun = begin() => drop(begun),
            () = moment(Duration::from_micros(number % 50 * 10)) => {}
        }
        write(i64::try_from(number).expect("a number")).await;
    }
    let kept: i64 =
        sqlx::query_scalar("select count(*) from written").fetch_one(&mut beside).await.expect("a count");
    let lost = DROPS - u64::try_from(kept).expect("a count");
    println!("{lost} of {DROPS} acknowledged rows were lost");
    lost
}

#[tokio::test]
async fn a_beginning_that_is_dropped_takes_no_later_write_with_it() {
    let url = empty_database().await;
    let db = Db::open(&url, 1, Clock::System).expect("an address");
    let begin = || db.begin(Actor::SERVICE);
    assert_eq!(lost_after_drops(begin, async |number| write(&db, number).await, &url).await, 0);
}

/// What the guard is for: without it the driver lends the connection again inside the transaction.
#[tokio::test]
async fn without_the_guard_acknowledged_writes_vanish() {
    let url = empty_database().await;
    let options = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
    let bare = options.connect(&url).await.expect("a pool");
    let insert = async |number: i64| {
        let insert = sqlx::query("insert into written (number) values ($1)").bind(number);
        insert.execute(&bare).await.expect("it is acknowledged");
    };
    let lost = lost_after_drops(|| bare.begin(), insert, &url).await;
    assert!(lost > 0, "nothing was lost, so the guard is not seen to be needed");
}

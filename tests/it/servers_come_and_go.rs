//! PostgreSQL crashes under load and comes back; Redis goes away. People get an answer all the same, and what was
//! acknowledged is kept.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::Days;
use locumbank::ground::actor::Actor;
use locumbank::ground::clock::Clock;
use locumbank::ground::db::{Db, DbError, failed};
use locumbank::ground::sign_in::PersonKind;

use crate::support::cluster::Cluster;
use crate::support::desk::{ServerProcess, assert_sound, link_of, offer, rounds};
use crate::support::seed::{PASSWORD, Seed};
use crate::support::{Inbox, Visitor, World, lay_schema};

/// How long the service may take to be back after its database is.
const BACK_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_postgresql_loses_nothing_and_is_over_in_seconds() {
    let cluster = Cluster::start();
    lay_schema(&cluster.url()).await;
    let world = World::start_on(&cluster.url(), Inbox::start(), Clock::System).await;
    let mut links = given_offers(&world, rounds(60, 600)).await;
    for _ in 0..rounds(3, 100) {
        let batch = links.split_off(links.len().saturating_sub(rounds(20, 6)));
        when_it_crashes_while_people_answer(&world, &cluster, &batch).await;
        then_each_answer_can_be_given_again(&world, &batch).await;
    }
    assert_sound(&mut world.connection().await).await;
}

/// The links of offers of sessions on as many days.
async fn given_offers(world: &World, count: usize) -> Vec<String> {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    seed.practice_manager("Mo Example", &[practice]).await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    let today = world.app.clock.now().date_naive();
    let mut links = Vec::new();
    for day in 0..count {
        let date = today + Days::new(2 + u64::try_from(day).expect("a count"));
        let session = seed.session(practice, "gp", &date.to_string(), "09:00", "12:00").await;
        let offer = offer(world, seed.bank, administrator.account, session, ann.id).await;
        links.push(link_of(world, offer));
    }
    links
}

/// People accept one offer after the other, and the database crashes among them. Each gets a page or is told that the
/// service is away for the moment.
async fn when_it_crashes_while_people_answer(world: &World, cluster: &Cluster, links: &[String]) {
    let is_back = Arc::new(AtomicBool::new(false));
    let mut people = Vec::new();
    for some in links.chunks(links.len().div_ceil(4)) {
        let (visitor, some, is_back) = (world.visitor(), some.to_vec(), is_back.clone());
        people.push(tokio::spawn(async move {
            let mut answers = Vec::new();
            for link in some {
                answers
                    .push(visitor.post_without_token(&link, &[("answer", "accept")]).await.status.as_u16());
            }
            while !is_back.load(Ordering::SeqCst) {
                answers.push(visitor.get("/health/ready").await.status.as_u16());
            }
            answers
        }));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    cluster.crash();
    let away = world.visitor().get("/health/ready").await.expect(503);
    assert!(away.body.contains(r#""database":"away""#), "{}", away.body);
    cluster.start_again();
    let began = Instant::now();
    while world.visitor().get("/health/ready").await.status != 200 {
        assert!(began.elapsed() < BACK_WITHIN, "the database is back, the service is not");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    is_back.store(true, Ordering::SeqCst);
    for person in people {
        let answers = person.await.expect("a person");
        assert!(answers.iter().all(|status| [200, 303, 503].contains(status)), "{answers:?}");
    }
}

/// What was acknowledged shows; what was not can be answered now.
async fn then_each_answer_can_be_given_again(world: &World, links: &[String]) {
    for link in links {
        let page = world.visitor().get(link).await.expect(200);
        if !page.text().contains("You are booked") {
            world.visitor().post_without_token(link, &[("answer", "accept")]).await.expect(303);
            world.visitor().get(link).await.expect(200).says("You are booked");
        }
    }
}

#[tokio::test]
async fn a_connection_is_lent_again_unless_a_transaction_was_left_open_on_it() {
    let world = World::start().await;
    let db = Db::open(world.database_url(), 1, Clock::System).expect("an address");
    let lent = async || -> i32 {
        let asked = async {
            let mut tx = db.look(Actor::SERVICE).await?;
            let process = sqlx::query_scalar("select pg_backend_pid()").fetch_one(tx.connection());
            process.await.map_err(failed("asking who serves"))
        };
        let asked: Result<_, DbError> = asked.await;
        asked.expect("a process")
    };
    let first = lent().await;
    assert_eq!(lent().await, first, "the same connection is lent again");
    let mut borrowed = db.pool().acquire().await.expect("the connection");
    sqlx::raw_sql("begin").execute(&mut *borrowed).await.expect("a transaction");
    drop(borrowed);
    assert_ne!(lent().await, first, "a connection inside a transaction is thrown away");
}

/// A Redis of the story's own.
struct Redis(Child, u16);

impl Redis {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let redis = Self(child, port);
        let answers = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        for _ in 0..500 {
            if answers() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(answers(), "Redis does not answer");
        redis
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.1)
    }

    fn kill(&mut self) {
        self.0.kill().expect("kill -9");
        self.0.wait().expect("its end");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be dead already, which is what the story wanted.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_everything_goes_on_and_limits_still_hold() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let mut redis = Redis::start().await;
    let server = ServerProcess::start_with(world.database_url(), &[("REDIS_URL", &redis.url())]).await;
    let visitor = Visitor::new(&server.base_url);
    visitor.get("/health/ready").await.expect(200).says(r#""redis":"up""#);
    let wrong = [("email", person.email.as_str()), ("password", "wrong")];
    for _ in 0..5 {
        visitor.post_without_token("/sign-in", &wrong).await.expect(422);
    }
    redis.kill();
    visitor.get("/health/ready").await.expect(200).says(r#""redis":"away""#);
    for _ in 0..5 {
        visitor.post_without_token("/sign-in", &wrong).await.expect(422);
    }
    let right = [("email", person.email.as_str()), ("password", PASSWORD)];
    visitor.post_without_token("/sign-in", &right).await.expect(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_without_redis() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let mut gone = Redis::start().await;
    gone.kill();
    let server = ServerProcess::start_with(world.database_url(), &[("REDIS_URL", &gone.url())]).await;
    let visitor = Visitor::new(&server.base_url);
    let right = [("email", person.email.as_str()), ("password", PASSWORD)];
    visitor.post_without_token("/sign-in", &right).await.expect(303);
}

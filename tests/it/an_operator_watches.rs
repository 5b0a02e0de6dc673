//! An operator's programs read figures and health; an administrator sees what was given up and puts it back; the log
//! names no person.

use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use locumbank::ground::clock::Clock;
use locumbank::ground::mail::Recipient;
use locumbank::ground::sign_in::PersonKind;
use locumbank::ground::worker;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::desk::{ServerProcess, link_of, offer};
use crate::support::relay::Relay;
use crate::support::seed::{PASSWORD, Seed};
use crate::support::{Visitor, World, app_on, mail_to};

const TOKEN: &str = "a-token-for-the-scraper";

#[tokio::test]
async fn a_program_on_this_machine_reads_the_figures() {
    let world = World::start().await;
    let seed = Seed::bank(&world, "Test bank").await;
    world.write_mails(vec![mail_to(seed.bank, "sam@people.test", "Text")]).await;
    let figures = world.visitor().get("/metrics").await.expect(200);
    assert_eq!(figures.content_type, "text/plain; version=0.0.4; charset=utf-8");
    figures.says("locumbank_mails{state=\"pending\"} 1").says("locumbank_database_up 1");
    world.work().await;
    let figures = world.visitor().get("/metrics").await.expect(200);
    figures.says("locumbank_mails_finished_total{kind=\"session_offered\",outcome=\"sent\"} 1");
    figures.says("locumbank_jobs_finished_total{kind=\"lapse_offers\",outcome=\"done\"} 1");
    figures.does_not_say("locumbank_mails{state=\"pending\"}");
}

#[tokio::test]
async fn what_comes_through_a_proxy_reads_no_figures_without_the_token() {
    let world = World::start().await;
    let metrics = format!("{}/metrics", world.base_url);
    let client = reqwest::Client::new();
    for name in ["x-forwarded-for", "forwarded"] {
        let answer = client.get(&metrics).header(name, "192.0.2.7").send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
    }
    let environment = [("LOCUMBANK__SERVER__BEHIND_PROXY", "true"), ("LOCUMBANK__WATCHING__TOKEN", TOKEN)];
    let server = ServerProcess::start_with(world.database_url(), &environment).await;
    let metrics = format!("{}/metrics", server.base_url);
    let status = async |token: &str| {
        client.get(&metrics).bearer_auth(token).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!((status(TOKEN).await, status("").await, status("another").await), (200, 404, 404));
    let without = client.get(&metrics).send().await.expect("an answer").status();
    assert_eq!(without, StatusCode::NOT_FOUND, "a proxy on this machine looks like this machine");
}

#[tokio::test]
async fn health_says_which_part_is_away_and_nothing_more() {
    let world = World::start().await;
    world.visitor().get("/health/live").await.expect(200).says("alive");
    let ready = world.visitor().get("/health/ready").await.expect(200);
    assert_eq!(ready.body, r#"{"ready":true,"database":"up","redis":"unused"}"#);
    sqlx::query("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .execute(&mut world.connection().await)
        .await
        .expect("an older schema");
    let behind = world.visitor().get("/health/ready").await.expect(503);
    assert_eq!(behind.body, r#"{"ready":false,"database":"behind","redis":"unused"}"#);
}

#[tokio::test]
async fn a_worker_answers_for_itself_and_shows_no_page() {
    let world = World::start_at(Clock::System).await;
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let environment = [("LOCUMBANK__WATCHING__WORKER_PORT", port.to_string())];
    let _worker = Process::start("worker", world.database_url(), &environment, Stdio::null());
    let visitor = Visitor::new(&format!("http://127.0.0.1:{port}"));
    until_it_answers(&format!("http://127.0.0.1:{port}/health/live")).await;
    visitor.get("/health/ready").await.expect(200);
    visitor.get("/metrics").await.expect(200).says("locumbank_database_up 1");
    visitor.get("/sign-in").await.expect(404);
}

#[tokio::test]
async fn an_administrator_puts_back_work_that_was_given_up() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ada Example").await;
    let mut other = Seed::bank(&world, "Other bank").await;
    let stranger = other.person(PersonKind::BankAdministrator, "Otto Example").await;
    // A payload that can't be read fails at each try.
    sqlx::query(
        "insert into job (id, bank_id, kind, payload, state, attempts, run_at, finished_at, last_error, created_at)
         values (gen_random_uuid(), $1, 'match', '{}', 'dead', 8, $2, $2, 'it said no', $2)",
    )
    .bind(seed.bank)
    .bind(world.app.clock.now())
    .execute(seed.connection())
    .await
    .expect("a job that was given up");
    let visitor = world.signed_in(&administrator.email).await;
    let page = visitor.get("/system").await.expect(200);
    page.says("Background work").says("Make a plan Tries 8");
    let again = page.address("/system/jobs/");
    visitor.get(&again).await.expect(200).says("it said no").says("Tried 8 times");

    let foreign = world.signed_in(&stranger.email).await;
    foreign.get("/system").await.expect(200).says("Nothing was given up");
    foreign.get(&again).await.expect(404);
    foreign.post(&again, &[]).await.expect(404);

    let done = visitor.post(&again, &[]).await.expect(303);
    visitor
        .get(&done.location)
        .await
        .expect(200)
        .says("The work waits to be tried again")
        .says("Nothing was given up");
    visitor.post(&again, &[]).await.expect(404);
    visitor.get("/audit").await.expect(200).says("Job put back");
    worker::run_all_due(&world.app).await.expect("jobs run");
    let (state, attempts): (String, i32) =
        sqlx::query_as("select state, attempts from job where kind = 'match'")
            .fetch_one(seed.connection())
            .await
            .expect("the job");
    assert_eq!((state.as_str(), attempts), ("ready", 1), "it was tried, with all its tries before it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_address_keeps_nobody_else_from_the_mail_and_is_sent_again_on_request() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ada Example").await;
    let relay = Relay::start().await;
    let mut mail = mail_to(seed.bank, "refused.pat@people.test", "Text");
    mail.to.push(Recipient { address: "sam@people.test".to_owned(), name: String::new(), account: None });
    let alone = mail_to(seed.bank, "refused.alone@people.test", "Text");
    world.write_mails(vec![mail, alone]).await;
    let mut app = app_on(world.database_url(), Clock::System).await;
    let mut settings = (*app.settings).clone();
    settings.smtp.url = relay.url().into();
    app.settings = std::sync::Arc::new(settings);
    let mailer = locumbank::ground::outbox::sender::Mailer::open(&app).expect("a relay");
    mailer.send_all_due(&app).await.expect("mail leaves");
    let states: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "select r.address, m.state, r.refusal from mail m join mail_recipient r on r.mail_id = m.id order by 1",
    )
    .fetch_all(seed.connection())
    .await
    .expect("the mails");
    let seen: Vec<_> =
        states.iter().map(|(to, state, said)| (to.as_str(), state.as_str(), said.is_some())).collect();
    let wanted = [
        ("refused.alone@people.test", "failed", true),
        ("refused.pat@people.test", "sent", true),
        ("sam@people.test", "sent", false),
    ];
    assert_eq!(seen, wanted);
    assert!(relay.log().iter().any(|entry| entry.what == "whole" && entry.to == "sam@people.test"));

    let visitor = world.signed_in(&administrator.email).await;
    let list = visitor.get("/mail?state=failed").await.expect(200);
    let detail = list.address("/mail/0");
    let again = visitor.get(&detail).await.expect(200).address(&format!("{detail}/again"));
    visitor.get(&again).await.expect(200).says("lives nowhere").says("refused.alone@people.test");
    let done = visitor.post(&again, &[]).await.expect(303);
    visitor.get(&done.location).await.expect(200).says("The email waits to be sent again");
    visitor.post(&again, &[]).await.expect(404);
    visitor.get("/audit").await.expect(200).says("Mail put back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_whole_story_names_no_person() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abigail Loggless").await;
    let commissioner = seed.person(PersonKind::Commissioner, "Carys Loggless").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    let manager = seed.practice_manager("Morwenna Loggless", &[practice]).await;
    let ann = seed.clinician("gp", "Annwyl Loggless", &administrator).await;
    let date = (world.app.clock.now().date_naive() + chrono::Days::new(5)).to_string();
    let session = seed.session(practice, "gp", &date, "09:00", "12:00").await;
    let relay = Relay::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port().to_string();
    drop(free);
    let environment = [
        ("PORT", port.clone()),
        ("SMTP_URL", relay.url()),
        ("LOCUMBANK__SERVER__WITH_WORKER", "true".to_owned()),
        ("LOCUMBANK__LOG__FILTER", "debug,sqlx=info,hyper=info,lettre=info".to_owned()),
    ];
    let out = Stdio::from(File::create(&log).expect("a file"));
    let server = Process::start("serve", world.database_url(), &environment, out);
    let base_url = format!("http://127.0.0.1:{port}");
    until_it_answers(&format!("{base_url}/health/live")).await;

    let link = link_of(&world, offer(&world, seed.bank, administrator.account, session, ann.id).await);
    world.write_mails(vec![mail_to(seed.bank, "refused.loggless@people.test", "Text")]).await;
    let visitor = Visitor::new(&base_url);
    visitor
        .post_without_token("/sign-in", &[("email", &ann.person.email), ("password", "Wrong-Loggless")])
        .await
        .expect(422);
    for (person, pages) in [
        (&administrator, ["/clinicians", "/mail", "/audit"]),
        (&manager, ["/sessions", "/bookings", "/practice"]),
        (&ann.person, ["/offers", "/availability", "/me"]),
        (&commissioner, ["/fill-rate", "/unfilled-sessions", "/rate-ranges"]),
    ] {
        let signed_in = world.signed_in_on(&base_url, &person.email).await;
        for page in pages {
            signed_in.get(page).await.expect(200);
        }
        signed_in.get(&format!("/clinicians/{}?name=Loggless", ann.id)).await;
    }
    visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    until_no_mail_waits(&world).await;
    drop(server);

    let text = std::fs::read_to_string(&log).expect("the log");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.len() > 20, "only {} lines were written", lines.len());
    assert!(text.contains("/offer-link/{token}"), "the log says which routes were asked for");
    assert!(text.contains("a mail was not sent"), "the log says what went wrong");
    let token = link.rsplit('/').next().expect("a token");
    for secret in ["loggless", "people.test", "orchid", PASSWORD, token] {
        let found = text.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
        assert!(found.is_none(), "{secret:?} is in the log: {}", found.unwrap_or_default());
    }
}

async fn until_no_mail_waits(world: &World) {
    let mut connection = world.connection().await;
    for _ in 0..1_000 {
        let waiting: i64 = sqlx::query_scalar("select count(*) from mail where finished_at is null")
            .fetch_one(&mut connection)
            .await
            .expect("an answer");
        if waiting == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("mail still waits");
}

async fn until_it_answers(address: &str) {
    for _ in 0..500 {
        if reqwest::get(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} does not answer");
}

/// `locumbank` in a process of its own, killed when it is dropped.
struct Process(Child);

impl Process {
    fn start(command: &str, database_url: &str, environment: &[(&str, String)], log: Stdio) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args([command, "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml")])
            .env("DATABASE_URL", database_url)
            .env_remove("REDIS_URL")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("locumbank starts");
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has ended can't be ended again.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

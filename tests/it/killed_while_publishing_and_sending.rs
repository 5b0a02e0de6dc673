//! The application is killed from outside, again and again, while it publishes a plan and while it sends the mails.
//! In the end every offer has its mail, every mail arrived, and a copy has the same Message-ID.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{Days, TimeDelta};
use locumbank::ground::clock::Clock;
use locumbank::ground::outbox::sender::Mailer;
use locumbank::ground::sign_in::PersonKind;
use reqwest::Method;

use crate::support::World;
use crate::support::seed::{Person, Seed};

const KILLS: u64 = 10;
const CLINICIANS: usize = 6;

/// A process of its own, killed when it is dropped.
struct Running {
    process: Child,
    base_url: String,
}

impl Running {
    async fn start(world: &World) -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port();
        let process = Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args(["serve", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml")])
            .env("DATABASE_URL", world.database_url())
            .env("SMTP_URL", world.inbox.url())
            .env_remove("REDIS_URL")
            .env("PORT", port.to_string())
            .env("LOCUMBANK__SERVER__WITH_WORKER", "true")
            .env("LOCUMBANK__SMTP__SEND_TIMEOUT_SECONDS", "5")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the service starts");
        let service = Self { process, base_url: format!("http://127.0.0.1:{port}") };
        for _ in 0..200 {
            if reqwest::get(format!("{}/sign-in", service.base_url)).await.is_ok() {
                return service;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the service does not answer");
    }

    fn kill(mut self) {
        self.process.kill().expect("kill -9");
        self.process.wait().expect("its end");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A story that fails half way leaves nothing running. A process that has ended can't be ended again.
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_offer_without_mail_no_mail_without_offer_and_copies_are_known() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ada Example").await;
    let practice = seed.practice("Z90001", "Rowan Bank Surgery").await;
    seed.practice_manager("Pat Example", &[practice]).await;
    for number in 0..CLINICIANS {
        seed.clinician("gp", &format!("Dr {number}"), &administrator).await;
    }
    let today = world.app.clock.now().date_naive();
    for round in 0..KILLS {
        let date = (today + Days::new(3 + 2 * round)).to_string();
        for _ in 0..CLINICIANS {
            seed.session(practice, "gp", &date, "09:00", "13:00").await;
        }
        let service = Running::start(&world).await;
        let plan = ready_plan(&world, &service, &administrator, &date).await;
        publish_and_kill(&world, service, &administrator, &plan, 7 + round * 23).await;
    }
    drain(&world).await;
    check(&world, &mut seed).await;
}

/// Asks for a plan of one day and waits until it can be published.
async fn ready_plan(world: &World, service: &Running, administrator: &Person, date: &str) -> String {
    let visitor = world.signed_in_on(&service.base_url, &administrator.email).await;
    let path = visitor.ask_for_plan(date, date).await;
    let path = path.split('?').next().unwrap_or_default().to_owned();
    for _ in 0..400 {
        if visitor.get(&path).await.body.contains(&format!("{path}/publish")) {
            return path;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the plan was not ready: {}", visitor.get(&path).await.text());
}

/// Sends the form that publishes, and kills the service so many milliseconds later, whatever it does by then.
async fn publish_and_kill(
    world: &World,
    service: Running,
    administrator: &Person,
    plan: &str,
    milliseconds: u64,
) {
    let visitor = world.signed_in_on(&service.base_url, &administrator.email).await;
    let publish = format!("{plan}/publish");
    let token = visitor.get(&publish).await.expect(200).hidden("csrf_token");
    let request = visitor.request(Method::POST, &publish).form(&[("csrf_token", token.as_str())]);
    let sent = tokio::spawn(request.send());
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    service.kill();
    // It may have been answered or cut off: both are right.
    let _answer_or_cut = sent.await.expect("the request ends");
}

/// Sends what is left, after the time in which an abandoned mail counts as being sent, and after the night in which nobody
/// is told of an offer.
async fn drain(world: &World) {
    let later = Clock::standing_at(world.app.clock.now() + TimeDelta::hours(11));
    let mut app = world.app.clone();
    app.clock = later;
    let mailer = Mailer::open(&app).expect("a mail server");
    mailer.tidy(&app).await.expect("abandoned mails are found");
    mailer.send_all_due(&app).await.expect("mail leaves");
}

async fn check(world: &World, seed: &mut Seed) {
    let offers: i64 = sqlx::query_scalar("select count(*) from offer")
        .fetch_one(seed.connection())
        .await
        .expect("an answer");
    let mails: Vec<(String, String, i32)> =
        sqlx::query_as("select message_id, state, uncertain_times from mail where kind = 'session_offered'")
            .fetch_all(seed.connection())
            .await
            .expect("an answer");
    let without_mail: i64 = sqlx::query_scalar(
        "select count(*) from offer o where not exists (select 1 from mail m where m.offer_id = o.id)",
    )
    .fetch_one(seed.connection())
    .await
    .expect("an answer");
    assert!(offers > 0, "no plan was published before its kill");
    assert_eq!((without_mail, mails.len()), (0, usize::try_from(offers).expect("a count")));
    assert!(mails.iter().all(|(_, state, _)| state == "sent"), "{mails:?}");

    let mut copies: BTreeMap<String, (BTreeSet<String>, i32)> = BTreeMap::new();
    for mail in world.inbox.all() {
        let text = mail.text();
        let Some(link) = text.split_whitespace().find(|word| word.contains("/offer-link/")) else { continue };
        let token = link.rsplit('/').next().unwrap_or_default().to_owned();
        let entry = copies.entry(token).or_default();
        entry.0.insert(mail.header("Message-ID"));
        entry.1 += 1;
    }
    assert_eq!(copies.len(), mails.len(), "each offer's mail arrived");
    assert!(copies.values().all(|(ids, _)| ids.len() == 1), "a copy has another Message-ID: {copies:?}");
    let extra: i32 = copies.values().map(|(_, count)| count - 1).sum();
    let uncertain: i32 = mails.iter().map(|(_, _, times)| times).sum();
    assert!(extra <= uncertain, "{extra} copies, but only {uncertain} sends counted as uncertain");
}

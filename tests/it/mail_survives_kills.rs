//! The mail relay is killed, or our worker, from outside and at four points of a conversation: before the text is asked
//! for, within it, after its last byte, after the answer. No mail is lost, and each time a mail's text went out
//! without our learning what became of it is counted, by the relay's own log.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use locumbank::ground::app::App;
use locumbank::ground::clock::Clock;
use locumbank::ground::id::BankId;
use locumbank::ground::outbox::sender::Mailer;

use crate::support::desk::rounds;
use crate::support::relay::Relay;
use crate::support::seed::Seed;
use crate::support::{World, mail_to};

/// Larger than what lies between two processes of one machine while the reader waits.
const LARGE_BODY_BYTES: usize = 6_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    Relay,
    Worker,
}

/// A bank whose mail goes to a relay that can be killed.
struct Scene {
    world: World,
    bank: BankId,
    seed: Seed,
    relay: Relay,
}

/// What became of the mails of one cell of the matrix.
#[derive(Debug, Default)]
struct Tally {
    mails: usize,
    /// Not sent, or never taken whole by the relay, or under another Message-ID.
    lost: Vec<String>,
    /// The relay's count of texts and ours of doubts do not agree.
    miscounted: Vec<String>,
    /// Texts the relay took whole a second time.
    copies: usize,
    /// Texts that broke off on their way.
    broken_off: usize,
    doubts: usize,
}

fn kills() -> usize {
    rounds(20, 250)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_is_killed_before_it_asks_for_the_text() {
    let tally = when_killed("before-data", Victim::Relay, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (0, 0, 0), "nothing had gone out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_is_killed_within_the_text() {
    let tally = when_killed("in-data", Victim::Relay, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (kills(), 0, kills()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_is_killed_before_it_answers() {
    let tally = when_killed("before-250", Victim::Relay, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (kills(), kills(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_is_killed_after_it_answered() {
    let tally = when_killed("after-250", Victim::Relay, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (0, 0, 0), "the answer was heard");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_killed_before_the_text_is_asked_for() {
    let tally = when_killed("before-data", Victim::Worker, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (0, 0, 0), "nothing had gone out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_killed_within_the_text() {
    let tally = when_killed("in-data", Victim::Worker, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    // A small mail was on its way as a whole when its sender died; a large one was cut off.
    assert_eq!((tally.doubts, tally.copies + tally.broken_off), (kills(), kills()));
    assert!(tally.copies > 0 && tally.broken_off > 0, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_killed_before_the_answer() {
    let tally = when_killed("before-250", Victim::Worker, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    assert_eq!((tally.doubts, tally.copies, tally.broken_off), (kills(), kills(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_killed_after_the_answer() {
    let tally = when_killed("after-250", Victim::Worker, kills()).await;
    then_nothing_is_lost_or_miscounted(&tally);
    // The worker may or may not have written down what it heard.
    assert_eq!((tally.doubts, tally.broken_off), (tally.copies, 0));
}

/// The control: where nothing says that a mail is being sent, a copy goes out that nobody counted.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_state_sending_copies_go_uncounted() {
    let mut scene = Scene::set().await;
    for statement in [
        "create function never_sending() returns trigger language plpgsql as $$
         begin new.state := old.state; new.sending_since := null; return new; end $$",
        "create trigger never_sending before update on mail
             for each row when (new.state = 'sending') execute function never_sending()",
    ] {
        sqlx::query(statement).execute(scene.seed.connection()).await.expect("a trigger");
    }
    scene.kill_at("before-250", Victim::Worker, 3).await;
    let tally = scene.tally().await;
    assert_eq!((tally.lost.len(), tally.copies, tally.miscounted.len()), (0, 3, 3), "{tally:?}");
}

async fn when_killed(point: &str, victim: Victim, rounds: usize) -> Tally {
    let mut scene = Scene::set().await;
    scene.kill_at(point, victim, rounds).await;
    let tally = scene.tally().await;
    println!("killed at {point} {rounds} times: {} lost, {} copies", tally.lost.len(), tally.copies);
    assert_eq!(tally.mails, rounds);
    tally
}

fn then_nothing_is_lost_or_miscounted(tally: &Tally) {
    assert!(tally.lost.is_empty(), "lost: {:?}", tally.lost);
    assert!(tally.miscounted.is_empty(), "miscounted: {:?}", tally.miscounted);
}

impl Scene {
    async fn set() -> Self {
        let world = World::start_at(Clock::System).await;
        let seed = Seed::bank(&world, "Test bank").await;
        Self { bank: seed.bank, relay: Relay::start().await, world, seed }
    }

    async fn kill_at(&mut self, point: &str, victim: Victim, rounds: usize) {
        let mut worker = self.worker();
        for round in 0..rounds {
            let to = format!("{point}.{round}@people.test");
            let is_large = point == "in-data" && round % 4 == 3;
            let size = if is_large { LARGE_BODY_BYTES } else { 100 };
            self.world.write_mails(vec![mail_to(self.bank, &to, &"Text. ".repeat(size / 6))]).await;
            self.relay.until_stopped_for(&to).await;
            match victim {
                Victim::Relay => {
                    self.relay.kill();
                    self.until_noted(&to).await;
                    self.relay.start_again().await;
                }
                Victim::Worker => {
                    worker.kill();
                    self.relay.go_on(&to);
                    worker = self.worker();
                }
            }
        }
        worker.kill();
        self.send_what_is_left().await;
    }

    /// `locumbank worker` in a process of its own.
    fn worker(&self) -> Worker {
        let process = Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args(["worker", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml")])
            .env("DATABASE_URL", self.world.database_url())
            .env("SMTP_URL", self.relay.url())
            // Longer than the story: what a dead worker left behind rests until the end.
            .env("LOCUMBANK__SMTP__SEND_TIMEOUT_SECONDS", "600")
            .env_remove("REDIS_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the worker starts");
        Worker(process)
    }

    /// Waits until the worker has written down how the send ended, and lets the mail rest until the end of the story.
    async fn until_noted(&mut self, to: &str) {
        for _ in 0..6000 {
            let noted = sqlx::query(
                "update mail m set next_attempt_at = now() + interval '10 minutes'
                   from mail_recipient r
                  where r.mail_id = m.id and r.address = $1
                    and (m.state = 'sent'
                         -- Out of the worker's hand: the pause to the next try is seconds, a lease many minutes.
                         or m.state <> 'sending' and m.last_error is not null
                            and m.next_attempt_at < now() + interval '2 minutes')",
            )
            .bind(to)
            .execute(self.seed.connection())
            .await
            .expect("an answer");
            if noted.rows_affected() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the worker never noted what became of {to}");
    }

    /// What a sender does when the leases of the dead have run out.
    async fn send_what_is_left(&self) {
        let app = self.app_in_an_hour();
        let mailer = Mailer::open(&app).expect("a relay");
        mailer.tidy(&app).await.expect("abandoned mails are found");
        mailer.send_all_due(&app).await.expect("mail leaves");
    }

    fn app_in_an_hour(&self) -> App {
        let mut app = self.world.app.clone();
        let mut settings = (*app.settings).clone();
        settings.smtp.url = self.relay.url().into();
        app.settings = Arc::new(settings);
        app.clock = Clock::standing_at(app.clock.now() + TimeDelta::hours(1));
        app
    }

    async fn tally(&mut self) -> Tally {
        let mails: Vec<(String, String, String, i32)> = sqlx::query_as(
            "select r.address, m.message_id, m.state, m.uncertain_times
               from mail m join mail_recipient r on r.mail_id = m.id",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("an answer");
        let mut taken: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
        for entry in self.relay.log() {
            let (begun, ids) = taken.entry(entry.to).or_default();
            match entry.what.as_str() {
                "begun" => *begun += 1,
                "whole" => ids.push(entry.id.unwrap_or_default()),
                _ => {}
            }
        }
        let mut tally = Tally { mails: mails.len(), ..Tally::default() };
        for (to, message_id, state, doubts) in mails {
            let (begun, ids) = taken.remove(&to).unwrap_or_default();
            let doubts = usize::try_from(doubts).expect("a count");
            let same_id = ids.iter().all(|id| *id == format!("<{message_id}>"));
            if state != "sent" || ids.is_empty() || !same_id {
                tally.lost.push(format!("{to} is {state}, taken as {ids:?}"));
            }
            if begun != doubts + 1 {
                tally.miscounted.push(format!("{to} went out {begun} times, with {doubts} doubts"));
            }
            tally.copies += ids.len().saturating_sub(1);
            tally.broken_off += begun - ids.len();
            tally.doubts += doubts;
        }
        assert!(taken.is_empty(), "mails nobody wrote: {taken:?}");
        tally
    }
}

struct Worker(Child);

impl Worker {
    fn kill(&mut self) {
        self.0.kill().expect("kill -9");
        self.0.wait().expect("its end");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be dead already, which is what the story wanted.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

//! The mail relay is away for half an hour while sessions are offered and booked: nobody is refused, no mail is
//! touched, and when the relay is back the outbox drains at once. What has become stale meanwhile stays behind.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days, TimeDelta};
use locumbank::ground::app::App;
use locumbank::ground::outbox::sender::Mailer;
use locumbank::ground::sign_in::PersonKind;
use locumbank::ground::worker;
use locumbank::ground::worker::running::Bench;
use tokio::sync::watch;

use crate::support::desk::{assert_sound, is_soak, link_of, offer, rounds};
use crate::support::relay::Relay;
use crate::support::seed::Seed;
use crate::support::{World, beginning, mail_to};

const MINUTES: u64 = 30;
/// What the outbox must drain at, at least.
const MAILS_A_SECOND: f64 = 100.0;

#[tokio::test(flavor = "multi_thread")]
async fn bookings_go_on_and_the_outbox_drains_afterwards() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let without_relay = app_without_relay(&world);
    given_bookings_every_minute(&world, &mut seed, &without_relay).await;
    let mut stale = mail_to(seed.bank, "stale@people.test", "This would come too late.");
    stale.not_after = Some(world.app.clock.now() + TimeDelta::minutes(5));
    world.write_mails(vec![stale]).await;
    let backlog = rounds(1_000, 20_000);
    for begin in (0..backlog).step_by(1_000) {
        let some = (begin..begin + 1_000).map(|at| mail_to(seed.bank, &format!("p{at}@people.test"), "Text"));
        world.write_mails(some.collect()).await;
    }
    world.app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(attempts(&mut seed).await, 0, "a relay that is away costs no mail a try");

    let relay = Relay::start().await;
    let (mails, seconds) = when_the_relay_is_back(&world, &relay, &mut seed).await;
    let rate = f64::from(mails) / seconds;
    println!("{mails} mails in {seconds:.2} s: {rate:.0} a second");
    assert!(!is_soak() || rate >= MAILS_A_SECOND, "{mails} mails in {seconds:.2} s: {rate:.0} a second");
    let arrived: Vec<_> = relay.log().into_iter().filter(|entry| entry.what == "whole").collect();
    assert_eq!(arrived.len(), usize::try_from(mails).expect("a count"), "each arrived once");
    assert!(arrived.iter().all(|entry| entry.to != "stale@people.test"));
    let state: String = sqlx::query_scalar("select state from mail where dedup_key = 'stale@people.test'")
        .fetch_one(seed.connection())
        .await
        .expect("the stale mail");
    assert_eq!(state, "dropped");
    assert_sound(seed.connection()).await;
}

/// Each minute a session is offered and accepted, and a sender looks for the relay.
async fn given_bookings_every_minute(world: &World, seed: &mut Seed, without_relay: &App) {
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    seed.practice_manager("Mo Example", &[practice]).await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    let mailer = Mailer::open(without_relay).expect("an address");
    for minute in 0..MINUTES {
        let date = (beginning().date_naive() + Days::new(2 + minute)).to_string();
        let session = seed.session(practice, "gp", &date, "09:00", "12:00").await;
        let offer = offer(world, seed.bank, administrator.account, session, ann.id).await;
        let link = link_of(world, offer);
        world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        assert_eq!(mailer.send_all_due(without_relay).await.expect("the outbox is read"), 0);
        mailer.tidy(without_relay).await.expect("the outbox is tidied");
        world.app.clock.advance(TimeDelta::minutes(1));
    }
}

/// The same service, with a relay where nobody listens.
fn app_without_relay(world: &World) -> App {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    app_with_relay(world, &format!("smtp://127.0.0.1:{port}"))
}

fn app_with_relay(world: &World, url: &str) -> App {
    let mut app = world.app.clone();
    let mut settings = (*app.settings).clone();
    settings.smtp.url = url.into();
    app.settings = Arc::new(settings);
    app
}

async fn attempts(seed: &mut Seed) -> i64 {
    sqlx::query_scalar("select sum(attempts) from mail")
        .fetch_one(seed.connection())
        .await
        .expect("an answer")
}

/// A worker sends until nothing waits; gives how many mails left in how many seconds.
async fn when_the_relay_is_back(world: &World, relay: &Relay, seed: &mut Seed) -> (u32, f64) {
    let (stop, stopped) = watch::channel(false);
    let app = app_with_relay(world, &relay.url());
    let mailer = Mailer::open(&app).expect("a relay");
    let began = Instant::now();
    let work = tokio::spawn(worker::run(app, mailer, Bench::of(locumbank::site::SITE.jobs), stopped));
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from mail where state in ('pending', 'sending', 'uncertain')",
        )
        .fetch_one(seed.connection())
        .await
        .expect("an answer");
        if waiting == 0 {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(5), "{waiting} mails still wait");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    stop.send_replace(true);
    work.await.expect("the worker ends");
    let sent: i64 = sqlx::query_scalar("select count(*) from mail where state = 'sent'")
        .fetch_one(seed.connection())
        .await
        .expect("an answer");
    (u32::try_from(sent).expect("a count"), seconds)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_people_are_alerted_at_once() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let text =
        "A session near you: Orchid House Surgery, Tuesday 3 November 2026, 8:30am to 12:40pm. ".repeat(20);
    let mails = (0..5_000).map(|at| mail_to(seed.bank, &format!("p{at}@people.test"), &text)).collect();
    let began = Instant::now();
    world.write_mails(mails).await;
    let seconds = began.elapsed().as_secs_f64();
    println!("5,000 mails enqueued in {seconds:.2} s");
    assert!(!is_soak() || seconds < 2.0, "{seconds:.2} s");
    let waiting: i64 = sqlx::query_scalar("select count(*) from mail where state = 'pending'")
        .fetch_one(seed.connection())
        .await
        .expect("an answer");
    assert_eq!(waiting, 5_000);
}

/// The relay stands and says nothing more: the time each send may take is up, and what is known of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_falls_silent_holds_no_sender() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let relay = Relay::start().await;
    let mut app = app_with_relay(&world, &relay.url());
    let mut settings = (*app.settings).clone();
    settings.smtp.send_timeout_seconds = 1;
    app.settings = Arc::new(settings);
    let (unasked, unanswered) = ("before-data.1@people.test", "before-250.2@people.test");
    world.write_mails([unasked, unanswered].map(|to| mail_to(seed.bank, to, "Text")).to_vec()).await;
    let mailer = Mailer::open(&app).expect("a relay");
    let began = Instant::now();
    mailer.send_all_due(&app).await.expect("it gives up");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let states: Vec<(String, String, i32)> =
        sqlx::query_as("select dedup_key, state, uncertain_times from mail order by dedup_key")
            .fetch_all(seed.connection())
            .await
            .expect("the mails");
    let wanted = [(unanswered, "uncertain", 1), (unasked, "pending", 0)];
    let seen: Vec<_> =
        states.iter().map(|(to, state, times)| (to.as_str(), state.as_str(), *times)).collect();
    assert_eq!(seen, wanted, "its text went out, or certainly did not");

    // It speaks again: one is sent for the first time, the other may be a copy and is known by its Message-ID.
    world.app.clock.advance(TimeDelta::hours(1));
    mailer.send_all_due(&app).await.expect("mail leaves");
    let ids = |to: &str| -> Vec<Option<String>> {
        let whole = relay.log().into_iter().filter(|entry| entry.what == "whole" && entry.to == to);
        whole.map(|entry| entry.id).collect()
    };
    assert_eq!(ids(unasked).len(), 1);
    let copies = ids(unanswered);
    assert!(copies.len() == 2 && copies[0] == copies[1] && copies[0].is_some(), "{copies:?}");
}

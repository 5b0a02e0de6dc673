//! Somebody has forgotten their password and chooses another by a link in an email; somebody else tries to.

use std::time::Instant;

use chrono::TimeDelta;
use locumbank::ground::sign_in::PersonKind;

use crate::support::desk::{is_soak, rounds};
use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

const NEW: &str = "lantern osprey gravel";
const OTHER: &str = "teapot meadow violin";

struct Story {
    world: World,
    seed: Seed,
    sam: Person,
}

impl Story {
    async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Orchid bank").await;
        let sam = seed.person(PersonKind::Commissioner, "Sam Example").await;
        Self { world, seed, sam }
    }

    async fn asks(&self, email: &str) -> Page {
        self.world.visitor().post_without_token("/forgotten-password", &[("email", email)]).await
    }

    /// Asks for a link, and gives its path from the mail that came.
    async fn link_for(&self, email: &str) -> String {
        let before = self.world.inbox.of(email).len();
        self.asks(email).await.expect(303);
        self.world.work().await;
        assert_eq!(self.world.inbox.of(email).len(), before + 1, "one mail for {email}");
        let text = self.world.inbox.last_of(email).text();
        let (_, link) = text.split_once(&format!("{}/new-password/", self.world.base_url)).expect("a link");
        let token = link.split(['\r', '\n', '"', ' ']).next().expect("a token");
        format!("/new-password/{token}")
    }

    async fn chooses(&self, link: &str, password: &str) -> Page {
        self.world.visitor().post_without_token(link, &[("new_password", password)]).await
    }

    async fn signs_in_with(&self, person: &Person, password: &str) -> u16 {
        let form = [("email", person.email.as_str()), ("password", password)];
        self.world.visitor().post_without_token("/sign-in", &form).await.status.as_u16()
    }

    async fn count(&mut self, question: &'static str) -> i64 {
        sqlx::query_scalar(question).fetch_one(self.seed.connection()).await.expect("a count")
    }
}

#[tokio::test]
async fn a_new_password_is_chosen_by_way_of_the_mailbox() {
    let mut story = Story::begin().await;
    let elsewhere = story.world.signed_in(&story.sam.email).await;
    story.world.visitor().get("/sign-in").await.expect(200).says("I have forgotten my password");
    let visitor = story.world.visitor();
    let address = story.sam.email.to_uppercase();
    let asked = visitor.post_without_token("/forgotten-password", &[("email", &address)]).await.expect(303);
    visitor.get(&asked.location).await.expect(200).says("Check your email");
    visitor.get(&asked.location).await.expect(200).says("Enter the email address you sign in with");
    assert_eq!(story.count("select count(*) from mail").await, 0, "nothing is written while the page waits");
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.sam.email);
    assert_eq!(mail.header("Subject"), "Orchid bank: choose a new password");
    story.world.app.clock.advance(TimeDelta::minutes(6));
    let link = story.link_for(&story.sam.email).await;

    for _ in 0..2 {
        story.world.visitor().get(&link).await.expect(200).says("Choose a new password");
    }
    assert_eq!(story.signs_in_with(&story.sam, PASSWORD).await, 303, "looking changes nothing");
    story.chooses(&link, "").await.expect(422).says("Enter a new password");
    story
        .chooses(&link, "sam example 2026")
        .await
        .expect(422)
        .says("easy to guess for somebody who knows you");
    story.chooses(&link, "password1234").await.expect(422).says("easy to guess");
    let chosen = visitor.post_without_token(&link, &[("new_password", NEW)]).await.expect(303);
    visitor.get(&chosen.location).await.expect(200).says("Your password has been changed");

    elsewhere.get("/fill-rate").await.expect(303);
    assert_eq!(story.signs_in_with(&story.sam, PASSWORD).await, 422);
    assert_eq!(story.signs_in_with(&story.sam, NEW).await, 303);
    story.world.work().await;
    let told = story.world.inbox.last_of(&story.sam.email);
    assert_eq!(told.header("Subject"), "Orchid bank: your password has been changed");
    assert!(told.text().contains("/forgotten-password"), "{}", told.text());
    story.world.stop().await;
}

#[tokio::test]
async fn nobody_learns_which_addresses_have_accounts() {
    let mut story = Story::begin().await;
    let known = story.asks(&story.sam.email).await.expect(303);
    let unknown = story.asks("nobody@people.test").await.expect(303);
    assert_eq!((known.location, known.body), (unknown.location, unknown.body));
    story.world.work().await;
    assert_eq!(story.world.inbox.all().len(), 1);
    assert_eq!(
        story.count("select count(*) from job where kind = 'send_password_link' and state = 'done'").await,
        2
    );
    for wrong in ["", "sam", "sam@"] {
        story.asks(wrong).await.expect(422).says("Enter an email address");
    }
    story.world.stop().await;
}

#[tokio::test]
async fn a_link_works_once_for_half_an_hour_and_until_the_next() {
    let mut story = Story::begin().await;
    let email = story.sam.email.clone();
    let first = story.link_for(&email).await;
    story.asks(&email).await.expect(303);
    story.world.work().await;
    assert_eq!(story.world.inbox.of(&email).len(), 1, "whoever asks on and on fills no mailbox");
    story.world.app.clock.advance(TimeDelta::minutes(5));
    let second = story.link_for(&email).await;
    assert_eq!(
        story
            .count("select count(*) from password_reset where used_at is null and withdrawn_at is null")
            .await,
        1
    );
    story.world.visitor().get(&first).await.expect(410).says("This link has ended");
    story.chooses(&first, NEW).await.expect(410);
    story.chooses(&second, NEW).await.expect(303);
    story.world.visitor().get(&second).await.expect(410);
    story.chooses(&second, OTHER).await.expect(410).says("Nothing has been changed");
    assert_eq!(story.signs_in_with(&story.sam, NEW).await, 303);

    story.world.work().await;
    story.world.app.clock.advance(TimeDelta::minutes(5));
    let third = story.link_for(&email).await;
    story.world.app.clock.advance(TimeDelta::minutes(30));
    story.world.visitor().get(&third).await.expect(410);
    story.chooses(&third, OTHER).await.expect(410);
    assert_eq!(story.signs_in_with(&story.sam, OTHER).await, 422);
    story.world.visitor().get("/new-password/guessed").await.expect(404);
    story.chooses("/new-password/guessed", NEW).await.expect(404);
    story.world.stop().await;
}

#[tokio::test]
async fn a_link_is_its_own_persons_and_the_database_opens_nothing() {
    let mut story = Story::begin().await;
    let kim = story.seed.person(PersonKind::Commissioner, "Kim Example").await;
    let administrator = story.seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let link = story.link_for(&story.sam.email).await;
    let form = [("new_password", NEW), ("email", kim.email.as_str())];
    let token = link.trim_start_matches("/new-password/").to_owned();
    let kept: Vec<(String, String)> = sqlx::query_as("select text_body, html_body from mail")
        .fetch_all(story.seed.connection())
        .await
        .expect("the outbox");
    assert!(kept.iter().all(|(text, html)| !text.contains(&token) && !html.contains(&token)));
    let hashes = story.count("select count(*) from password_reset where length(token_hash) = 32").await;
    assert_eq!(hashes, 1);
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from mail").fetch_one(story.seed.connection()).await.expect("a mail");
    let page =
        story.world.signed_in(&administrator.email).await.get(&format!("/mail/{id}")).await.expect(200);
    page.does_not_say("password-link").does_not_say(&token);
    story.world.visitor().post_without_token(&link, &form).await.expect(303);
    assert_eq!(story.signs_in_with(&kim, NEW).await, 422);
    assert_eq!(story.signs_in_with(&kim, PASSWORD).await, 303);
    assert_eq!(story.signs_in_with(&story.sam, NEW).await, 303);
    story.world.stop().await;
}

#[tokio::test]
async fn whoever_can_sign_in_nowhere_gets_no_link() {
    let mut story = Story::begin().await;
    let kim = story.seed.person(PersonKind::Commissioner, "Kim Example").await;
    let link = story.link_for(&kim.email).await;
    for change in [
        "update account set disabled_at = created_at where email like 'sam%'",
        "update membership set ended_at = created_at where account_id in (select id from account where email like 'kim%')",
    ] {
        sqlx::query(change).execute(story.seed.connection()).await.expect("a change");
    }
    story.world.app.clock.advance(TimeDelta::minutes(6));
    for email in [&story.sam.email, &kim.email] {
        story.asks(email).await.expect(303);
    }
    story.world.work().await;
    assert_eq!(story.world.inbox.all().len(), 1, "the one that was asked for before");
    story.chooses(&link, NEW).await.expect(410);
    story.world.stop().await;
}

#[tokio::test]
async fn two_who_use_one_link_at_once_leave_one_password() {
    let mut story = Story::begin().await;
    for round in 0..rounds(3, 30) {
        let person = story.seed.person(PersonKind::Commissioner, &format!("Sam Example {round}")).await;
        let link = story.link_for(&person.email).await;
        let (one, other) = tokio::join!(story.chooses(&link, NEW), story.chooses(&link, OTHER));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        let (winner, loser) = if statuses[0] == 303 { (NEW, OTHER) } else { (OTHER, NEW) };
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410]);
        assert_eq!(story.signs_in_with(&person, winner).await, 303);
        assert_eq!(story.signs_in_with(&person, loser).await, 422);
        story.world.app.clock.advance(TimeDelta::minutes(16));
    }
    story.world.stop().await;
}

#[tokio::test]
async fn asking_on_and_on_is_refused_alike_for_everybody() {
    let story = Story::begin().await;
    for email in [story.sam.email.as_str(), "nobody@people.test"] {
        for _ in 0..10 {
            story.asks(email).await.expect(303);
        }
        story.asks(email).await.expect(429).says("Wait 15 minutes");
    }
    story.asks("another@people.test").await.expect(303);
    story.world.work().await;
    assert_eq!(story.world.inbox.all().len(), 1);
    story.world.stop().await;
}

/// How far apart two samples lie by their ranks (Mann and Whitney): below −2.58 or above 2.58, chance would do it once in
/// a hundred times.
fn rank_distance(one: &[u128], other: &[u128]) -> f64 {
    let wins: f64 = one
        .iter()
        .flat_map(|mine| other.iter().map(move |theirs| mine.cmp(theirs)))
        .map(|order| match order {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let (here, there) = (one.len() as f64, other.len() as f64);
    (wins - here * there / 2.0) / (here * there * (here + there + 1.0) / 12.0).sqrt()
}

/// Nanoseconds until the answer, for known and unknown addresses in turns.
async fn times(story: &mut Story, tries: usize, run: usize) -> (Vec<u128>, Vec<u128>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let visitor: Visitor = story.world.visitor();
    for turn in 0..tries / 2 {
        let name = format!("Sam Example {run} {turn}");
        let person = story.seed.person(PersonKind::Commissioner, &name).await;
        let stranger = person.email.replace("sam", "sim");
        let mut pair = [(person.email, &mut known), (stranger, &mut unknown)];
        if turn % 2 == 1 {
            pair.reverse();
        }
        for (email, times) in pair {
            let begun = Instant::now();
            visitor.post_without_token("/forgotten-password", &[("email", &email)]).await.expect(303);
            times.push(begun.elapsed().as_nanos());
        }
        if turn % 40 == 39 {
            story.world.app.clock.advance(TimeDelta::minutes(16));
        }
    }
    (known, unknown)
}

/// 200 tries in `./dev soak`. One run in a hundred differs by chance, so a difference counts that comes again.
#[tokio::test]
async fn the_time_until_the_answer_tells_nothing() {
    let mut story = Story::begin().await;
    times(&mut story, 10, 0).await;
    let mut distances = Vec::new();
    for run in 1..=2 {
        story.world.app.clock.advance(TimeDelta::minutes(16));
        let (known, unknown) = times(&mut story, rounds(60, 200), run).await;
        distances.push(rank_distance(&known, &unknown));
        if distances.iter().any(|distance| distance.abs() < 2.58) {
            break;
        }
    }
    println!("known and unknown addresses lie {distances:.2?} apart");
    assert!(distances.iter().any(|distance| distance.abs() < 2.58), "{distances:?}");
    assert!(!is_soak() || story.count("select count(*) from job").await >= 200);
    story.world.stop().await;
}

#[test]
fn a_difference_of_a_tenth_is_seen_by_its_ranks() {
    let sample = |from: u128| (0..100).map(|n| from + (n * 7919) % 100).collect::<Vec<u128>>();
    assert!(rank_distance(&sample(300), &sample(300)).abs() < 0.01);
    assert!(rank_distance(&sample(340), &sample(300)) > 2.58);
    assert!(rank_distance(&sample(300), &sample(340)) < -2.58);
}

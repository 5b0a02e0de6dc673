//! A clinician joins from the bank's public page: their address is confirmed by a link, what they write is kept, and nobody
//! is told which addresses are known.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::sign_in::{PersonKind, TokenHash};
use locumbank::people::invitation::Said;
use locumbank::people::invitation::actions::joining::{Asked, ask_to_join, keep_said};
use sqlx::types::Json;

use crate::people_are_invited::link_in;
use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// A password that stands guessing.
const NEW_PASSWORD: &str = "lantern osprey gravel teapot";

/// What Bo writes on the public page.
const ABOUT_BO: [(&str, &str); 6] = [
    ("name", "Bo Example"),
    ("role", "gp"),
    ("registration", "701 9999"),
    ("engagement", "self_employed"),
    ("home", "DT1"),
    ("travel", "20"),
];

const PAGE: &str = "/join/test-bank/about-you";

struct Story {
    opening: Opening,
    administrator: Visitor,
}

impl Story {
    async fn begin() -> Self {
        let opening = Opening::begin().await;
        let administrator = opening.world.signed_in(&opening.administrator.email).await;
        Self { opening, administrator }
    }

    fn world(&self) -> &World {
        &self.opening.world
    }

    /// Sends the form of the public page for this address, and the mail leaves.
    async fn asks(&self, email: &str) -> Page {
        let form = [&ABOUT_BO[..], &[("email", email)]].concat();
        let visitor = self.world().visitor();
        let sent = visitor.post_without_token(PAGE, &form).await.expect(303);
        let page = visitor.get(&sent.location).await.expect(200);
        self.world().work().await;
        page
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.opening.seed.connection()).await.expect("a count")
    }

    /// An administrator decides whether clinicians join from the page.
    async fn decides(&self, is_open: &str, version: &str) {
        let form = [
            ("is_open", is_open),
            ("about", "We fill sessions in the Vale.\n\nCome and see."),
            ("who", "You have worked here for a year."),
            ("at_hand", "Your last appraisal."),
            ("why", "Agreed"),
            ("version", version),
        ];
        self.administrator.post("/bank/joining/check", &form).await.expect(200);
        self.administrator.post("/bank/joining", &form).await.expect(303);
    }
}

#[tokio::test]
async fn a_clinician_joins_and_waits_to_be_cleared() {
    let mut story = Story::begin().await;
    story.opening.seed.need("gp", "indemnity", "2026-01-01").await;
    story.decides("yes", "0").await;
    let visitor = story.world().visitor();
    assert_eq!(visitor.get("/join").await.expect(303).location, "/join/test-bank", "there is one bank");
    let page = visitor.get("/join/test-bank").await.expect(200);
    page.says("We fill sessions in the Vale.").says("You have worked here for a year.");
    page.says("Your last appraisal.").says("GPs").says("GP: Indemnity").does_not_say("About Test bank");
    assert_eq!(page.address("/join/test-bank/about"), PAGE);

    let wrong = visitor.post_without_token(PAGE, &[("role", "gp"), ("registration", "12")]).await.expect(422);
    wrong.says("Enter your GMC number with 7 figures").says("Enter an email address").says("Enter a name");
    story.asks("bo@people.test").await.says("Check your email").does_not_say("Bo");
    let mail = story.world().inbox.last_of("bo@people.test");
    assert_eq!(mail.header("Subject"), "Test bank: go on joining");
    assert!(mail.text().contains("What you have written is kept."), "{}", mail.text());
    let unfinished = story.administrator.get("/invitations").await.expect(200);
    unfinished.does_not_say("bo@people.test");
    story.administrator.get("/people").await.expect(200).does_not_say("bo@people.test");

    let link = link_in(story.world(), "bo@people.test");
    let page = visitor.get(&link).await.expect(200);
    for kept in ["Bo Example", "701 9999", "DT1"] {
        assert!(page.body.contains(&format!("value=\"{kept}\"")), "{kept} is kept: {}", page.text());
    }
    let mut bo = story.world().visitor();
    let form = [&ABOUT_BO[..], &[("password", NEW_PASSWORD)]].concat();
    assert_eq!(bo.join(&link, &form).await.location, "/me/missing");
    bo.get("/me/missing").await.expect(200).says("What is missing").says("Indemnity");
    story.administrator.get("/clearing").await.expect(200).says("Bo Example").says("GMC 7019999");
    story.administrator.get("/invitations").await.expect(200).says("bo@people.test").says("Joined");
    story.administrator.get("/audit").await.expect(200).says("Joined from the public page");
    visitor.get(&link).await.expect(404).says("begin again there");
    assert_eq!(
        story.count("select count(*) from invitation where said <> '{}'").await,
        0,
        "it is in the record"
    );
    story.opening.world.stop().await;
}

#[tokio::test]
async fn what_is_written_is_kept_and_a_scanner_changes_nothing() {
    let mut story = Story::begin().await;
    story.asks("bo@people.test").await;
    let link = link_in(story.world(), "bo@people.test");
    let scanner = story.world().visitor();
    scanner.get(&link).await.expect(200);
    scanner.post_without_token(&link, &[]).await.expect(422);
    scanner.post_without_token(&link, &ABOUT_BO).await.expect(422);
    let said: Json<Said> = sqlx::query_scalar("select said from invitation")
        .fetch_one(story.opening.seed.connection())
        .await
        .expect("what was written");
    assert_eq!((said.registration.as_str(), said.home.as_str()), ("701 9999", "DT1"));
    assert_eq!(story.count("select count(*) from account where email = 'bo@people.test'").await, 0);

    // Bo moves house, can't think of a password, and comes back tomorrow.
    let moved = [&ABOUT_BO[..4], &[("home", "BH1"), ("travel", "30"), ("password", "short")]].concat();
    story.world().visitor().post_without_token(&link, &moved).await.expect(422);
    story.world().app.clock.advance(TimeDelta::days(1));
    let page = story.world().visitor().get(&link).await.expect(200);
    assert!(page.body.contains("value=\"BH1\"") && page.body.contains("value=\"30\""), "{}", page.text());
    let lapsed = TimeDelta::days(6);
    story.world().app.clock.advance(lapsed);
    story.world().visitor().get(&link).await.expect(404);
    story.asks("bo@people.test").await;
    let second = link_in(story.world(), "bo@people.test");
    assert_ne!(link, second);
    story.world().visitor().get(&second).await.expect(200);
    assert_eq!(story.count("select count(*) from invitation").await, 1);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn nobody_learns_whose_address_is_known_but_its_owner() {
    let mut story = Story::begin().await;
    let mut elsewhere = Seed::bank(story.world(), "Other bank").await;
    let cas = elsewhere.person(PersonKind::Commissioner, "Cas Example").await;
    let gone = elsewhere.person(PersonKind::Commissioner, "Gus Example").await;
    sqlx::query("update account set disabled_at = now() where id = $1")
        .bind(gone.account)
        .execute(elsewhere.connection())
        .await
        .expect("a closed account");
    let ann = story.opening.ann.person.email.clone();
    let mut answers = Vec::new();
    for email in ["new@people.test", &cas.email, &ann, &gone.email] {
        answers.push(story.asks(email).await.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the page is the same for everybody");
    assert!(story.world().inbox.of(&gone.email).is_empty(), "a closed account joins nothing");
    let mail = story.world().inbox.last_of(&ann);
    assert!(mail.text().contains("You are a clinician of this bank already"), "{}", mail.text());
    let mail = story.world().inbox.last_of(&cas.email);
    assert!(mail.text().contains("You have an account with this email address already"), "{}", mail.text());

    let link = link_in(story.world(), &cas.email);
    let mut visitor = story.world().visitor();
    let form = [&ABOUT_BO[..], &[("password", PASSWORD)]].concat();
    let page = visitor.get(&link).await.expect(200);
    page.says("You have an account under").does_not_say("Choose a password");
    visitor.join(&link, &[&ABOUT_BO[..], &[("password", NEW_PASSWORD)]].concat()).await.expect(422);
    assert_eq!(visitor.join(&link, &form).await.location, "/me/missing");
    visitor.get("/switch").await.expect(200).says("Clinician, Test bank").says("Commissioner, Other bank");
    assert_eq!(story.count("select count(*) from account where name = 'Cas Example'").await, 1);

    story.asks("new@people.test").await;
    assert_eq!(story.world().inbox.of("new@people.test").len(), 1, "nobody fills a mailbox");
    let visitor = story.world().visitor();
    let mut statuses = Vec::new();
    for number in 0..300 {
        let email = format!("robot{number}@people.test");
        let form = [&ABOUT_BO[..], &[("email", email.as_str())]].concat();
        statuses.push(visitor.post_without_token(PAGE, &form).await.status.as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "a robot writes to a few");
    story.world().work().await;
    story.opening.world.stop().await;
}

#[tokio::test]
async fn a_bank_that_takes_nobody_says_so_and_an_invitation_works_all_the_same() {
    let mut story = Story::begin().await;
    let other = Seed::bank(story.world(), "Other bank").await;
    let visitor = story.world().visitor();
    visitor.get("/join").await.expect(200).says("Test bank").says("Other bank");
    story.asks("bo@people.test").await;
    let form = [("kind", "clinician"), ("people", "bo@people.test")];
    story.administrator.post("/invitations", &form).await.expect(303);
    story.world().work().await;
    let invited = link_in(story.world(), "bo@people.test");
    story.decides("no", "0").await;
    assert_eq!(visitor.get("/join").await.expect(303).location, "/join/other-bank");
    visitor.get("/join/test-bank").await.expect(200).says("takes nobody from this page now");
    visitor.get(PAGE).await.expect(409);
    let form = [&ABOUT_BO[..], &[("email", "di@people.test")]].concat();
    visitor.post_without_token(PAGE, &form).await.expect(409).says("Nothing was sent");
    visitor.get("/join/no-such-bank").await.expect(404);

    let mut bo = story.world().visitor();
    let form = [&ABOUT_BO[..], &[("password", NEW_PASSWORD)]].concat();
    assert_eq!(bo.join(&invited, &form).await.location, "/me/missing");
    assert_eq!(
        story.count("select count(*) from invitation where state = 'open'").await,
        0,
        "one person joined"
    );
    drop(other);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn a_number_that_somebody_has_already_is_told_to_the_administrator_alone() {
    let mut story = Story::begin().await;
    sqlx::query("update clinician set registration_number = '7019999'")
        .execute(story.opening.seed.connection())
        .await
        .expect("Ann's number");
    story.asks("bo@people.test").await.does_not_say("Ann");
    let link = link_in(story.world(), "bo@people.test");
    let mut bo = story.world().visitor();
    let form = [&ABOUT_BO[..], &[("password", NEW_PASSWORD)]].concat();
    bo.join(&link, &form).await.expect(303);
    bo.get("/me/missing").await.expect(200).does_not_say("Ann Example");
    let said = "Ann Example gives the same GMC number";
    let queue = story.administrator.get("/clearing").await.expect(200);
    queue.says(said).does_not_say("nothing is open");
    let page = queue.address("/clinicians/0");
    story.administrator.get(&page).await.expect(200).says(said);
    let decision =
        [("until-day", "2"), ("until-month", "11"), ("until-year", "2027"), ("reason", "All documents seen")];
    let asked = story.administrator.post(&format!("{page}/clear"), &decision).await;
    asked.expect(422).says(said).says("say that you want to clear them all the same");
    story.opening.world.stop().await;
}

#[tokio::test]
async fn what_is_begun_and_left_is_forgotten() {
    let mut story = Story::begin().await;
    let (bank, begun) = (story.opening.seed.bank, "select count(*) from invitation");
    let said = Said { name: "Bo Example".to_owned(), ..Said::default() };
    let asked = Asked { bank, email: "bo@people.test".to_owned(), said };
    for _ in 0..2 {
        let done =
            story.world().app.db.change(Actor::link_holder(bank), async |tx| ask_to_join(tx, &asked).await);
        done.await.expect("asked for");
    }
    story.world().work().await;
    assert_eq!((story.count(begun).await, story.world().inbox.of("bo@people.test").len()), (1, 1));
    let nonsense = TokenHash::of("nonsense");
    let said = asked.said.clone();
    let kept = story.world().app.db.change(Actor::Visitor, async |tx| keep_said(tx, &nonsense, &said).await);
    kept.await.expect("nothing to keep");
    story.world().app.clock.advance(TimeDelta::days(34));
    story.world().work().await;
    assert_eq!(story.count(begun).await, 1);
    story.world().app.clock.advance(TimeDelta::days(2));
    story.world().work().await;
    assert_eq!(story.count(begun).await, 0);
    story.opening.world.stop().await;
}

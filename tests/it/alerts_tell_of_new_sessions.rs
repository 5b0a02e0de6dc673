//! A clinician's alert tells of new sessions near a place that fit them, and lapses after a year unless it is kept.

use chrono::TimeDelta;
use locumbank::ground::id::{PracticeId, SessionId};
use reqwest::Method;

use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
    /// Ann, signed in.
    visitor: Visitor,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, seed, administrator, practice, ann } = Opening::begin().await;
        let visitor = world.signed_in(&ann.person.email).await;
        Self { world, seed, administrator, practice, ann, visitor }
    }

    async fn alert(&self, place: &str, when: &str) {
        let fields = [("place", place), ("miles", "10"), ("when", when)];
        let done = self.visitor.post("/alerts", &fields).await.expect(303);
        assert_eq!(done.location, "/alerts");
    }

    /// A session that is posted now; a quarter of an hour passes.
    async fn posted(&mut self, date: &str) -> SessionId {
        let session = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
        sqlx::query("update session set posted_at = $2 where id = $1")
            .bind(session)
            .bind(self.world.app.clock.now())
            .execute(self.seed.connection())
            .await
            .expect("the session is posted");
        session
    }

    async fn after(&self, minutes: i64) {
        self.world.app.clock.advance(TimeDelta::minutes(minutes));
        self.world.work().await;
    }

    fn subjects(&self) -> Vec<String> {
        let mails = self.world.inbox.of(&self.ann.person.email);
        mails.iter().map(|mail| mail.header("Subject")).collect()
    }
}

const NEAR: &str = "New sessions within 10 miles of DT1 that fit you";

#[tokio::test]
async fn an_alert_tells_once_of_what_is_new_and_near_and_fits() {
    let mut story = Story::begin().await;
    story.posted("2026-11-04").await;
    story.after(1).await;
    story.alert("DT1", "at_once").await;
    story.alert("BH1", "at_once").await;
    story.after(15).await;
    assert!(story.subjects().is_empty(), "what was there before is not new");
    story.posted("2026-11-05").await;
    story.after(16).await;
    assert_eq!(story.subjects(), [NEAR], "Bournemouth is farther than 10 miles");
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    let text = mail.text();
    assert!(text.contains("Thu 5 Nov, 8:30am to 12:40pm, Orchid House Surgery"), "{text}");
    assert!(!text.contains("Wed 4 Nov") && !text.contains("[["), "{text}");
    assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    story.after(30).await;
    assert_eq!(story.subjects().len(), 1, "it is told once");
    story.world.stop().await;
}

#[tokio::test]
async fn an_alert_says_nothing_of_a_session_that_is_filled_when_it_leaves() {
    let mut story = Story::begin().await;
    story.alert("DT1", "at_once").await;
    story.after(1).await;
    let session = story.posted("2026-11-05").await;
    story.world.app.clock.advance(TimeDelta::minutes(16));
    locumbank::ground::worker::due::queue_due(&story.world.app).await.expect("the schedule is kept");
    locumbank::ground::worker::run_all_due(&story.world.app).await.expect("jobs run");
    sqlx::query(
        "update session set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x' where id = $1",
    )
    .bind(session)
    .execute(story.seed.connection())
    .await
    .expect("it is withdrawn after the alert was written");
    story.world.work().await;
    assert!(story.subjects().is_empty());
    let state: String = sqlx::query_scalar("select state from mail where kind = 'session_alert'")
        .fetch_one(story.seed.connection())
        .await
        .expect("the alert was written");
    assert_eq!(state, "dropped");
    story.world.stop().await;
}

#[tokio::test]
async fn an_alert_may_come_in_the_daily_email() {
    let mut story = Story::begin().await;
    story.alert("DT1", "digest").await;
    story.after(1).await;
    story.posted("2026-11-05").await;
    story.after(16).await;
    assert!(story.subjects().is_empty(), "it waits for the morning");
    story.after(21 * 60).await;
    assert_eq!(story.subjects(), ["Tue 3 Nov: new open sessions that fit you, and 1 message"]);
    let text = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(text.contains(NEAR) && !text.contains("[["), "{text}");
    story.world.stop().await;
}

#[tokio::test]
async fn an_alert_lapses_after_a_year_unless_it_is_kept() {
    let mut story = Story::begin().await;
    story.seed.cleared_until(&story.ann, "2029-12-31", &story.administrator).await;
    story.alert("DT1", "at_once").await;
    let page = story.visitor.get("/alerts").await.expect(200);
    page.says("Within 10 miles of DT1").says("Until 2 November 2027");
    story.visitor.post("/your-email", &[("alert_lapsing", "at_once"), ("digest", "never")]).await.expect(303);
    story.after(350 * 24 * 60).await;
    assert!(story.subjects().is_empty());
    story.after(2 * 24 * 60).await;
    assert_eq!(story.subjects().len(), 1, "two weeks before, once: {:?}", story.subjects());
    story.after(24 * 60).await;
    assert_eq!(story.subjects().len(), 1);
    let text = story.world.inbox.last_of(&story.ann.person.email).text();
    let link = text.split_whitespace().find(|word| word.contains("/renew-alert/")).expect("a link");
    let link = link.strip_prefix(&story.world.base_url).expect("of this service").to_owned();

    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        story.world.visitor().request(method, &link).send().await.expect("an answer");
    }
    let lapses = "select lapses_at::date::text from alert";
    let until: String = sqlx::query_scalar(lapses).fetch_one(story.seed.connection()).await.expect("a date");
    assert_eq!(until, "2027-11-02", "looking changes nothing");
    let visitor = story.world.visitor();
    visitor.get(&link).await.expect(200).says("Keep your alert?").says("2 November 2027");
    visitor.post_without_token(&link, &[]).await.expect(200).says("Your alert lasts another year");
    let until: String = sqlx::query_scalar(lapses).fetch_one(story.seed.connection()).await.expect("a date");
    assert_eq!(until, "2028-10-21");

    // Nobody keeps it the next time.
    story.after(366 * 24 * 60).await;
    let before = story.subjects().len();
    story.posted("2028-11-10").await;
    story.after(16).await;
    assert_eq!(story.subjects().len(), before, "it has lapsed: {:?}", story.subjects());
    story.world.stop().await;
}

#[tokio::test]
async fn somebody_elses_alert_looks_like_none() {
    let mut story = Story::begin().await;
    story.alert("DT1", "at_once").await;
    let id: locumbank::ground::id::AlertId =
        sqlx::query_scalar("select id from alert").fetch_one(story.seed.connection()).await.expect("an id");
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator).await;
    let bea = story.world.signed_in(&bea.person.email).await;
    bea.get("/alerts").await.expect(200).says("You have no alert yet");
    for what in ["end", "renew"] {
        bea.post(&format!("/alerts/{id}/{what}"), &[]).await.expect(404);
    }
    for _ in 0..4 {
        story.alert("DT1", "at_once").await;
    }
    story.visitor.get("/alerts").await.expect(200).says("To add another alert, end one first");
    let sixth = [("place", "DT1"), ("miles", "10"), ("when", "at_once")];
    story.visitor.post("/alerts", &sixth).await.expect(422).says("End an alert before you add another");
    story.visitor.post(&format!("/alerts/{id}/end"), &[]).await.expect(303);
    story.visitor.post("/alerts", &sixth).await.expect(303);
    story.world.stop().await;
}

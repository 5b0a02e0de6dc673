//! People choose how each kind of message comes, and when they want none.

use chrono::{DateTime, Utc};
use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    manager: Person,
    ann: Clinician,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, practice, manager, ann }
    }

    async fn session(&mut self, date: &str, start: &str, end: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, start, end).await
    }

    /// Moves the clock on, and does what is due then.
    async fn at(&self, instant: &str) {
        let instant: DateTime<Utc> = instant.parse().expect("an instant");
        self.world.app.clock.advance(instant - self.world.app.clock.now());
        self.world.work().await;
    }

    async fn offered(&self, session: SessionId) -> String {
        let made = offer(&self.world, self.seed.bank, self.administrator.account, session, self.ann.id).await;
        link_of(&self.world, made)
    }

    async fn chooses(&self, person: &Person, fields: &[(&str, &str)]) {
        let page = self.world.signed_in(&person.email).await.post("/your-email", fields).await.expect(303);
        assert_eq!(page.location, "/your-email");
    }

    /// The subjects of what somebody has got, in order.
    fn subjects(&self, person: &Person) -> Vec<String> {
        self.world.inbox.of(&person.email).iter().map(|mail| mail.header("Subject")).collect()
    }

    fn count(&self, person: &Person, part: &str) -> usize {
        self.subjects(person).iter().filter(|subject| subject.contains(part)).count()
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn what_can_wait_comes_in_the_next_daily_email_once() {
    let mut story = Story::begin().await;
    let session = story.session("2026-11-06", "08:30", "12:40").await;
    story.offered(session).await;
    story.at("2026-11-03T09:01:00Z").await;
    assert_eq!(story.count(&story.ann.person, "lapsed"), 0, "it waits for the morning");
    story.at("2026-11-04T05:59:00Z").await;
    assert_eq!(story.count(&story.ann.person, "message"), 0);
    story.at("2026-11-04T06:01:00Z").await;
    let daily = story.world.inbox.last_of(&story.ann.person.email);
    assert_eq!(daily.header("Subject"), "Wed 4 Nov: new open sessions that fit you, and 1 message");
    let text = daily.text();
    assert!(text.contains("Your messages:") && text.contains("lapsed"), "{text}");
    assert!(!text.contains("[["), "a mark is left: {text}");
    story.session("2026-11-12", "08:30", "12:40").await;
    story.at("2026-11-05T06:01:00Z").await;
    let next = story.world.inbox.last_of(&story.ann.person.email);
    assert_eq!(next.header("Subject"), "Thu 5 Nov: new open sessions that fit you", "it is told once");
    story.finish().await;
}

#[tokio::test]
async fn a_choice_counts_for_what_waits_and_is_shown() {
    let mut story = Story::begin().await;
    let (first, second) = (
        story.session("2026-11-06", "08:30", "12:40").await,
        story.session("2026-11-07", "09:00", "13:00").await,
    );
    story.offered(first).await;
    // Lapsed, but not yet sent when Ann chooses.
    story.world.app.clock.advance(chrono::TimeDelta::hours(25));
    locumbank::ground::worker::due::queue_due(&story.world.app).await.expect("the schedule is kept");
    locumbank::ground::worker::run_all_due(&story.world.app).await.expect("jobs run");
    story.chooses(&story.ann.person, &[("offer_lapsed", "at_once")]).await;
    story.world.work().await;
    assert_eq!(story.count(&story.ann.person, "lapsed"), 1, "{:?}", story.subjects(&story.ann.person));

    let ann = story.world.signed_in(&story.ann.person.email).await;
    let page = ann.get("/your-email").await.expect(200);
    page.says("Always sent at once").says("A session is offered").says(&story.ann.person.email);
    assert!(
        page.body.contains("name=\"offer_lapsed\" type=\"radio\" value=\"at_once\" checked"),
        "{}",
        page.body
    );

    story.chooses(&story.ann.person, &[("offer_lapsed", "never"), ("session_offered", "never")]).await;
    story.offered(second).await;
    story.world.work().await;
    assert_eq!(story.count(&story.ann.person, "offered to you"), 1, "an offer can't be turned off");
    story.at("2026-11-04T20:00:00Z").await;
    assert_eq!(story.count(&story.ann.person, "lapsed"), 1, "no more of these");
    story.finish().await;
}

#[tokio::test]
async fn mail_waits_for_the_end_of_quiet_hours_unless_that_would_be_too_late() {
    let mut story = Story::begin().await;
    story.chooses(&story.ann.person, &[("quiet_from", "10pm"), ("quiet_until", "7am")]).await;
    let page = story.world.signed_in(&story.ann.person.email).await.get("/your-email").await.expect(200);
    page.says("During your quiet hours emails wait until they end, unless fewer than 12 hours");
    let (later, soon) = (
        story.session("2026-11-06", "08:30", "12:40").await,
        story.session("2026-11-03", "14:00", "18:00").await,
    );
    story.at("2026-11-02T23:00:00Z").await;
    story.offered(later).await;
    story.offered(soon).await;
    story.world.work().await;
    assert_eq!(story.count(&story.ann.person, "Tue 3 Nov, 2pm"), 1, "it lapses at midday");
    assert_eq!(story.count(&story.ann.person, "Fri 6 Nov"), 0, "it waits");
    story.at("2026-11-03T06:59:00Z").await;
    assert_eq!(story.count(&story.ann.person, "Fri 6 Nov"), 0, "it still waits");
    story.at("2026-11-03T07:00:00Z").await;
    assert_eq!(story.count(&story.ann.person, "Fri 6 Nov"), 1, "{:?}", story.subjects(&story.ann.person));
    story.finish().await;
}

#[tokio::test]
async fn each_reader_of_one_mail_has_it_when_they_want_it() {
    let mut story = Story::begin().await;
    let quiet = story.seed.practice_manager("Nia Example", &[story.practice]).await;
    story.chooses(&quiet, &[("quiet_from", "10pm"), ("quiet_until", "7am")]).await;
    let session = story.session("2026-11-06", "08:30", "12:40").await;
    let link = story.offered(session).await;
    story.at("2026-11-02T23:00:00Z").await;
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.world.work().await;
    assert_eq!((story.count(&story.manager, "Booked"), story.count(&quiet, "Booked")), (1, 0));
    story.at("2026-11-03T07:00:00Z").await;
    assert_eq!((story.count(&story.manager, "Booked"), story.count(&quiet, "Booked")), (1, 1));
    let late = story.world.inbox.last_of(&quiet.email);
    assert!(late.raw.contains("method=REQUEST"), "the calendar entry comes with it");
    assert_eq!(late.to, std::slice::from_ref(&quiet.email), "it goes to nobody else");
    story.finish().await;
}

#[tokio::test]
async fn quiet_hours_need_both_ends() {
    let story = Story::begin().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let page = ann.post("/your-email", &[("quiet_from", "10pm"), ("offer_lapsed", "never")]).await;
    page.expect(422).says("Enter the time when quiet hours end");
    story.finish().await;
}

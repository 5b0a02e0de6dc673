//! Both sides of a booking say how it went: the bank reads it at once, each other only when both have spoken.

use chrono::TimeDelta;
use locumbank::ground::actor::{Actor, PersonKind};
use locumbank::ground::id::BookingId;
use locumbank::work::feedback::actions::{Kept, give_feedback};
use locumbank::work::feedback::{Said, Went};

use crate::support::World;
use crate::support::desk::{link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Person, Seed};
use crate::support::visitor::Page;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Person,
    booking: String,
}

impl Story {
    /// Ann is booked for Tuesday 10 November, 8:30am to 12:40pm.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let offered = offer(&world, seed.bank, administrator.account, session, ann.id).await;
        let link = link_of(&world, offered);
        world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        let booking = sqlx::query_scalar("select '/bookings/' || id from booking")
            .fetch_one(seed.connection())
            .await
            .expect("a booking");
        Self { world, seed, administrator, manager, ann: ann.person, booking }
    }

    async fn open_as(&self, person: &Person, path: &str) -> Page {
        self.world.signed_in(&person.email).await.get(path).await
    }

    async fn say(&self, person: &Person, said: &[(&str, &str)]) -> Page {
        self.world.signed_in(&person.email).await.post(&format!("{}/feedback", self.booking), said).await
    }
}

#[tokio::test]
async fn each_side_reads_the_other_once_both_have_spoken() {
    let mut story = Story::begin().await;
    let path = format!("{}/feedback", story.booking);
    let kind = [("went", "very_well"), ("again", "yes"), ("words", "Calm and kind with everybody")];
    story.open_as(&story.ann, &path).await.expect(200).says("once the session is over");
    story.say(&story.ann, &kind).await.expect(303);
    story.open_as(&story.administrator, "/feedback").await.expect(200).says("Nobody has said anything");

    story.world.app.clock.advance(TimeDelta::days(9));
    story.open_as(&story.ann, &story.booking).await.expect(200).says("How it went");
    let wrong = story.say(&story.manager, &[("again", "maybe")]).await.expect(422);
    wrong.says("Select how it went").says("Select yes or no");
    story.say(&story.manager, &kind).await.expect(303);
    // The bank reads it at once; the clinician does not, and the practice may change it.
    story
        .open_as(&story.administrator, "/feedback")
        .await
        .expect(200)
        .says("Calm and kind")
        .says("The practice");
    story.open_as(&story.ann, &path).await.expect(200).does_not_say("Calm and kind");
    story.open_as(&story.manager, &path).await.expect(200).says("You can change it until the clinician");
    let no = [("went", "badly"), ("again", "no"), ("words", "Nobody let me in")];
    story.say(&story.ann, &no).await.expect(303);
    let both = story.open_as(&story.ann, &path).await.expect(200);
    both.says("Calm and kind").says("Nobody let me in").does_not_say("Send</button>");
    story.open_as(&story.manager, &path).await.expect(200).says("Nobody let me in");
    // The action itself says so too.
    let said = Said { went: Went::Well, would_again: true, words: String::new() };
    let actor = Actor::Member {
        account: story.manager.account,
        bank: story.seed.bank,
        membership: story.manager.membership,
        kind: PersonKind::PracticeManager,
    };
    let id: BookingId = story.booking.trim_start_matches("/bookings/").parse().expect("an id");
    let done = story.world.app.db.change(actor, async |tx| give_feedback(tx, id, &said).await).await;
    assert_eq!(done.expect("an answer"), Kept::Stands);
    // Neither takes back what the other has read.
    story
        .say(&story.manager, &[("went", "very_badly"), ("again", "no"), ("words", "On second thoughts")])
        .await
        .expect(303);
    story.open_as(&story.ann, &path).await.expect(200).does_not_say("On second thoughts");
    let bad = story.open_as(&story.administrator, "/feedback?only=badly").await.expect(200);
    bad.says("Would not work there again. Nobody let me in").does_not_say("Calm and kind");

    let elsewhere = story.seed.practice("J81009", "Lime Surgery").await;
    let stranger = story.seed.practice_manager("Nia Example", &[elsewhere]).await;
    story.open_as(&stranger, &path).await.expect(404);
    story.say(&stranger, &kind).await.expect(404);
    let log: Vec<String> = sqlx::query_scalar(
        "select d.detail ->> 'side' from audit_event e join audit_detail d using (bank_id, position)
          where e.action = 'feedback.given' order by e.position",
    )
    .fetch_all(story.seed.connection())
    .await
    .expect("the log");
    assert_eq!(log, ["practice", "clinician"]);
    story.world.stop().await;
}

//! A practice names a clinician it does not take: nobody offers them its sessions any more, and nobody tells them why.

use locumbank::eligibility::obstacle::Obstacle;
use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::refusal::Refusal;
use locumbank::work::booking::{Desk, WayIn, Wish};

use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World, on_behalf_of};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Visitor,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let manager = world.signed_in(&manager.email).await;
        Self { world, seed, administrator, manager, practice, ann, session }
    }

    fn path(&self, step: &str) -> String {
        format!("/practice/{}/refusals{step}", self.practice)
    }

    async fn refuse(&self) {
        let ann = self.ann.id.to_string();
        let form = [("clinician", ann.as_str()), ("reason", "A complaint that is not settled")];
        self.manager.post(&self.path(""), &form).await.expect(303);
    }

    /// How a bank administrator's plan of that day reads.
    async fn planned(&self) -> crate::support::visitor::Page {
        let visitor = self.world.signed_in(&self.administrator.email).await;
        let plan = visitor.ask_for_plan("2026-11-10", "2026-11-10").await;
        self.world.work().await;
        visitor.get(&plan).await.expect(200)
    }

    async fn log(&mut self) -> Vec<String> {
        sqlx::query_scalar("select action from audit_event where action like 'practice.%' order by position")
            .fetch_all(self.seed.connection())
            .await
            .expect("the log")
    }
}

#[tokio::test]
async fn a_manager_names_somebody_sees_what_it_does_and_takes_it_back() {
    let mut story = Story::begin().await;
    let own = story.manager.get("/practice").await.expect(200);
    own.says("Clinicians not taken None");
    let list = story.manager.get(&own.address(&story.path(""))).await.expect(200);
    list.says("You have named nobody");
    story.manager.get(&story.path("?search=nobody")).await.expect(200).says("Nobody else found");
    let found = story.manager.get(&story.path("?search=ann")).await.expect(200);
    let asked = story.manager.get(&found.address(&story.path("/new"))).await.expect(200);
    asked.says("Stop taking Ann Example?").says("They are not told that you named them");

    let ann = story.ann.id.to_string();
    let without = story.manager.post(&story.path(""), &[("clinician", &ann)]).await.expect(422);
    without.says("Enter a reason").says("Stop taking Ann Example?");
    story.refuse().await;
    story.refuse().await;
    let list = story.manager.get(&story.path("?search=ann")).await.expect(200);
    list.says("Ann Example, GP").says("A complaint that is not settled").says("Since 2 November 2026");
    list.says("will not be offered your sessions").says("Nobody else found");
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let practice = administrator.get(&format!("/practices/{}", story.practice)).await.expect(200);
    practice.says("Clinicians not taken Ann Example: A complaint that is not settled");

    story.manager.post(&story.path("/remove"), &[("clinician", &ann)]).await.expect(303);
    story.manager.get(&story.path("")).await.expect(200).says("You have named nobody");
    story.manager.post(&story.path("/remove"), &[("clinician", &ann)]).await.expect(404);
    assert_eq!(story.log().await, ["practice.clinician_refused", "practice.clinician_taken_again"]);
    story.world.stop().await;
}

#[tokio::test]
async fn matching_and_booking_leave_them_out_until_it_is_taken_back() {
    let story = Story::begin().await;
    story.planned().await.says("1 of 1 places").says("Ann Example");
    story.refuse().await;
    story
        .planned()
        .await
        .says("0 of 1 places")
        .says("Nobody in the bank can do it")
        .does_not_say("Ann Example");

    let desk = Desk::of(&story.world.app);
    let wish = Wish {
        session: story.session,
        clinician: story.ann.id,
        way_in: WayIn::Administrator { rate_pence_per_hour: 8_500 },
        key: "story".to_owned(),
    };
    let actor = on_behalf_of(story.seed.bank, story.administrator.account);
    let booked = story.world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await);
    let refused = booked.await.expect_err("the practice does not take her");
    assert!(
        matches!(refused, DeskError::Refused(Refusal::MayNot(Obstacle::RefusedByPractice))),
        "{refused:?}"
    );

    let ann = story.ann.id.to_string();
    story.manager.post(&story.path("/remove"), &[("clinician", &ann)]).await.expect(303);
    story.planned().await.says("1 of 1 places").says("Ann Example");
    story.world.stop().await;
}

#[tokio::test]
async fn their_open_offers_are_taken_back_without_a_word_of_who_named_them() {
    let mut story = Story::begin().await;
    let by = story.administrator.account;
    let offered = offer(&story.world, story.seed.bank, by, story.session, story.ann.id).await;
    story.world.work().await;
    let asked = story.manager.get(&story.path(&format!("/new?clinician={}", story.ann.id))).await.expect(200);
    asked.says("1 offer of your sessions that waits for their answer is taken back.");
    story.refuse().await;
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(mail.contains("no longer available. Other sessions are offered to you as before."), "{mail}");
    let link = link_of(&story.world, offered);
    let page = story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    page.says("This offer was withdrawn");
    for told in [mail, page.text()] {
        let told = told.to_lowercase();
        for word in ["refuse", "complaint", "named", "not take", "not taken"] {
            assert!(!told.contains(word), "{word:?} is in {told}");
        }
    }
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn another_practice_and_another_bank_see_and_change_nothing() {
    let mut story = Story::begin().await;
    let other = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let neighbour = story.seed.practice_manager("Ned Example", &[other]).await;
    let mut far = Seed::bank(&story.world, "Other bank").await;
    let elsewhere = far.practice("J81003", "Moor View Surgery").await;
    let stranger = far.practice_manager("Stray Example", &[elsewhere]).await;
    let outsider = far.clinician("gp", "Olu Example", &stranger).await;
    story.refuse().await;
    let ann = story.ann.id.to_string();
    let form = [("clinician", ann.as_str()), ("reason", "Any")];
    for person in [neighbour, stranger] {
        let visitor = story.world.signed_in(&person.email).await;
        for step in ["", "?search=ann", &format!("/new?clinician={ann}")] {
            visitor.get(&story.path(step)).await.expect(404).does_not_say("Ann Example");
        }
        visitor.post(&story.path(""), &form).await.expect(404);
        visitor.post(&story.path("/remove"), &form).await.expect(404);
    }
    // Nobody of another bank can be found or named.
    story.manager.get(&story.path("?search=olu")).await.expect(200).says("Nobody else found");
    let outsider = outsider.id.to_string();
    story.manager.get(&story.path(&format!("/new?clinician={outsider}"))).await.expect(404);
    story.manager.post(&story.path(""), &[("clinician", &outsider), ("reason", "Any")]).await.expect(404);
    assert_eq!(story.log().await, ["practice.clinician_refused"]);
    story.world.stop().await;
}

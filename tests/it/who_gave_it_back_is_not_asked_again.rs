//! Whoever gave a session back, lost it or was left out of it is not proposed for it again, until they ask for it or
//! somebody takes that back; and whoever looks is told so.

use locumbank::ground::id::SessionId;

use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    abi: Visitor,
    manager: Person,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    /// Orchid House wants a GP on Tuesday 10 November, and Ann is the only one there is.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let abi = world.signed_in(&administrator.email).await;
        Self { world, seed, administrator, abi, manager, ann, session }
    }

    async fn answer(&self, answer: &str) {
        let (bank, by) = (self.seed.bank, self.administrator.account);
        let offered = offer(&self.world, bank, by, self.session, self.ann.id).await;
        let link = link_of(&self.world, offered);
        self.world.visitor().post_without_token(&link, &[("answer", answer)]).await.expect(303);
    }

    async fn cancel(&mut self, person: &Person) {
        let visitor = self.world.signed_in(&person.email).await;
        let booking: String = sqlx::query_scalar("select id::text from booking where state = 'live'")
            .fetch_one(self.seed.connection())
            .await
            .expect("the booking");
        let path = format!("/bookings/{booking}/cancel");
        visitor.get(&path).await.expect(200).says("again");
        visitor.post(&path, &[("reason", "another")]).await.expect(303);
    }

    /// What the next plan of the day says; whether it proposes Ann.
    async fn next_plan(&self) -> bool {
        let plan = self.abi.ask_for_plan("2026-11-10", "2026-11-10").await;
        self.world.work().await;
        let page = self.abi.get(&plan).await.expect(200);
        let is_proposed = page.text().contains("1 pair to offer");
        if !is_proposed {
            page.says("1 gave it back, lost it or was left out of it");
        }
        is_proposed
    }

    /// What the list of who can be booked says of her, among those who would have to agree.
    async fn listed(&self, words: &str) {
        let path = format!("/unfilled-sessions/{}", self.session);
        self.abi.get(&format!("{path}?show=agree")).await.expect(200).says("Ann Example").says(words);
    }

    async fn taken_back(&self) {
        let path = format!("/unfilled-sessions/{}/propose-again", self.session);
        let ann = self.ann.id.to_string();
        let done = self.abi.post(&path, &[("clinician", &ann)]).await.expect(303);
        self.abi.get(&done.location).await.expect(200).says("Plans can propose the clinician");
        self.abi.post(&path, &[("clinician", &ann)]).await.expect(404);
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn a_clinician_who_cancelled_is_not_proposed_until_they_ask() {
    let mut story = Story::begin().await;
    story.answer("accept").await;
    let ann = story.ann.person.clone();
    story.cancel(&ann).await;
    assert!(!story.next_plan().await, "she gave it back");
    story.listed("Cancelled their booking of it").await;
    let visitor = story.world.signed_in(&ann.email).await;
    let page = visitor.get("/offers").await.expect(200);
    page.says("Not offered to you again").says("Orchid House Surgery").says("You cancelled your booking.");
    let session = page.hidden("session");
    let done = visitor.post("/offers/ask-again", &[("session", &session)]).await.expect(303);
    visitor.get(&done.location).await.expect(200).says("You asked for the session again");
    visitor.get("/offers").await.expect(200).does_not_say("Not offered to you again");
    assert!(story.next_plan().await, "she asked for it");
    story.finish().await;
}

#[tokio::test]
async fn whoever_asks_for_what_is_over_is_promised_nothing() {
    let story = Story::begin().await;
    story.answer("decline").await;
    let visitor = story.world.signed_in(&story.ann.person.email).await;
    let session = visitor.get("/offers").await.expect(200).hidden("session");
    let withdrawn =
        "update session set state = 'withdrawn', withdrawn_at = posted_at, withdrawn_reason = 'Closed'";
    let mut story = story;
    sqlx::query(withdrawn).execute(story.seed.connection()).await.expect("it is withdrawn");
    let done = visitor.post("/offers/ask-again", &[("session", &session)]).await.expect(303);
    let page = visitor.get(&done.location).await.expect(200);
    page.says("filled, withdrawn or over by now").does_not_say("You asked for the session again");
    story.finish().await;
}

#[tokio::test]
async fn a_clinician_who_declined_is_not_proposed_until_an_administrator_takes_it_back() {
    let story = Story::begin().await;
    story.answer("decline").await;
    assert!(!story.next_plan().await, "she declined");
    story.listed("Declined it").await;
    story.taken_back().await;
    assert!(story.next_plan().await, "it was taken back");
    story.finish().await;
}

#[tokio::test]
async fn a_clinician_whose_booking_the_practice_cancelled_is_not_proposed_and_can_not_undo_that() {
    let mut story = Story::begin().await;
    story.answer("accept").await;
    let manager = story.manager.clone();
    story.cancel(&manager).await;
    assert!(!story.next_plan().await, "the practice cancelled");
    story.listed("Was booked in it until the practice cancelled").await;
    let visitor = story.world.signed_in(&story.ann.person.email).await;
    let page = visitor.get("/offers").await.expect(200);
    page.says("The practice cancelled your booking").does_not_say("Ask for it again");
    let session = story.session.to_string();
    visitor.post("/offers/ask-again", &[("session", &session)]).await.expect(404);
    story.taken_back().await;
    assert!(story.next_plan().await, "it was taken back");
    story.finish().await;
}

#[tokio::test]
async fn a_clinician_who_was_left_out_is_not_proposed_again_and_can_be_booked_by_hand() {
    let story = Story::begin().await;
    let plan = story.abi.ask_for_plan("2026-11-10", "2026-11-10").await;
    story.world.work().await;
    let pair = format!("{}.{}", story.session, story.ann.id);
    let leave_out = [("pair", pair.as_str()), ("reason", "practice_wish")];
    story.abi.post(&format!("{plan}/leave-out"), &leave_out).await.expect(303);
    story.abi.post(&format!("{plan}/publish"), &[]).await.expect(303);
    assert!(!story.next_plan().await, "an administrator left her out");
    story.listed("Was left out of it by an administrator").await;
    let visitor = story.world.signed_in(&story.ann.person.email).await;
    visitor.get("/offers").await.expect(200).does_not_say("Not offered to you again");
    let path = format!("/unfilled-sessions/{}/book", story.session);
    let ann = story.ann.id.to_string();
    let key = story.abi.get(&format!("{path}?clinician={ann}")).await.expect(200).hidden("key");
    let form = [("key", key.as_str()), ("clinician", &ann), ("rate", "85"), ("agreed", "yes")];
    story.abi.post(&path, &form).await.expect(303);
    let mut connection = story.world.connection().await;
    let left: i64 = sqlx::query_scalar("select count(*) from not_again")
        .fetch_one(&mut connection)
        .await
        .expect("what stands against her");
    assert_eq!(left, 0, "being booked takes it back");
    story.finish().await;
}

#[tokio::test]
async fn a_clinician_whose_offer_was_taken_back_is_not_proposed_again() {
    let story = Story::begin().await;
    let (bank, by) = (story.seed.bank, story.administrator.account);
    let offered = offer(&story.world, bank, by, story.session, story.ann.id).await;
    let path = format!("/unfilled-sessions/{}/take-back", story.session);
    story.abi.post(&path, &[("offer", &offered.to_string())]).await.expect(303);
    assert!(!story.next_plan().await, "the offer was taken back");
    story.listed("Was offered it until the offer was taken back").await;
    story.finish().await;
}

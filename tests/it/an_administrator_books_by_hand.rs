//! A bank administrator looks at a session, sees who can be booked and why others can't, and books somebody who agreed.

use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::desk::{assert_sound, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    visitor: Visitor,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let visitor = world.signed_in(&administrator.email).await;
        Self { world, seed, administrator, visitor, manager, practice, ann, session }
    }

    fn path(&self, step: &str) -> String {
        format!("/unfilled-sessions/{}{step}", self.session)
    }

    async fn asked(&self, clinician: &Clinician) -> Page {
        self.visitor.get(&self.path(&format!("/book?clinician={}", clinician.id))).await
    }

    async fn book(&self, clinician: &Clinician, key: &str, rate: &str) -> Page {
        let id = clinician.id.to_string();
        let form = [("clinician", id.as_str()), ("key", key), ("rate", rate), ("agreed", "yes")];
        self.visitor.post(&self.path("/book"), &form).await
    }

    async fn bookings(&mut self) -> Vec<(String, i32)> {
        sqlx::query_as("select way_in, rate_pence_per_hour from booking where state = 'live'")
            .fetch_all(self.seed.connection())
            .await
            .expect("the bookings")
    }

    async fn run(&mut self, statement: &'static str, clinician: &Clinician) {
        let query = sqlx::query(statement).bind(clinician.id);
        query.execute(self.seed.connection()).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn somebody_who_fits_is_booked_once_and_both_sides_are_told() {
    let mut story = Story::begin().await;
    let list = story.visitor.get("/unfilled-sessions").await.expect(200);
    let page = story.visitor.get(&list.address("/unfilled-sessions/")).await.expect(200);
    page.says("Fits (1)").says("Would have to agree (0)").says("Can't be booked (0)");
    page.says("Ann Example").says("£80 an hour").says("What speaks against it Nothing");
    let asked = story.visitor.get(&page.address(&story.path("/book?"))).await.expect(200);
    asked.says("Book Ann Example?").says("£75 to £95 an hour");
    let key = asked.hidden("key");

    let id = story.ann.id.to_string();
    let form = [("clinician", id.as_str()), ("key", key.as_str()), ("rate", "85")];
    let back = story.visitor.post(&story.path("/book"), &form).await.expect(422);
    back.says("Tick this once the clinician has agreed");
    assert_eq!(back.hidden("key"), key, "mending the form is still the same wish");
    assert!(story.bookings().await.is_empty());

    let ann = story.ann.clone();
    let (first, second) = tokio::join!(story.book(&ann, &key, "85"), story.book(&ann, &key, "85"));
    let booked = (first.expect(303).location, second.expect(303).location);
    assert_eq!(booked.0, booked.1, "pressing twice books once");
    assert_eq!(story.bookings().await, [("administrator".to_owned(), 8_500)]);
    let page = story.visitor.get(&booked.0).await.expect(200);
    page.says("The clinician is booked").says("Booked Ann Example").says("Every place is booked.");
    story.world.work().await;
    for person in [&story.ann.person, &story.manager] {
        assert_eq!(story.world.inbox.of(&person.email).len(), 1, "{}", person.email);
    }
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn whom_only_their_own_wishes_keep_out_can_agree_and_the_others_are_told_why_not() {
    let mut story = Story::begin().await;
    let by = story.administrator.clone();
    let busy = story.seed.clinician("gp", "Ben Busy", &by).await;
    story.run("delete from availability_pattern where clinician_id = $1", &busy).await;
    let ended = story.seed.clinician("gp", "Eve Ended", &by).await;
    story.seed.cleared_until(&ended, "2026-11-09", &by).await;
    let unwanted = story.seed.clinician("gp", "Una Wanted", &by).await;
    let practice = story.practice;
    sqlx::query(
        "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
         values ($1, $2, $3, 'Known to the practice', '2026-11-02T09:00:00Z')",
    )
    .bind(story.seed.bank)
    .bind(practice)
    .bind(unwanted.id)
    .execute(story.seed.connection())
    .await
    .expect("a refusal");
    let nurse = story.seed.clinician("practice_nurse", "Nia Nurse", &by).await;

    let page = story.visitor.get(&story.path("?show=agree")).await.expect(200);
    page.says("Fits (1)").says("Would have to agree (1)").says("Can't be booked (2)");
    page.says("Ben Busy").says("Is not free for all of that time").does_not_say("Nia Nurse");
    let page = story.visitor.get(&story.path("?show=cannot")).await.expect(200);
    page.says("Eve Ended").says("The clearance ends on 9 November 2026");
    page.says("Una Wanted").says("The practice does not take them");

    // The pages offer no way to book these, and the desk refuses whoever finds one.
    let key = story.asked(&busy).await.expect(200).hidden("key");
    story.asked(&ended).await.expect(409).says("Eve Ended can't be booked");
    story.book(&ended, &key, "85").await.expect(409).says("The clearance ends on 9 November 2026");
    story.book(&unwanted, &key, "85").await.expect(409).says("The practice does not take them");
    story.asked(&nurse).await.expect(404);
    story.book(&nurse, &key, "85").await.expect(409);
    story.book(&busy, &key, "96").await.expect(409).says("outside what this session may pay now");
    assert!(story.bookings().await.is_empty());
    story.asked(&busy).await.expect(200).says("Ask them about this").says("Is not free for all of that time");
    story.book(&busy, &key, "90").await.expect(303);
    assert_eq!(story.bookings().await, [("administrator".to_owned(), 9_000)]);
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn a_place_that_an_offer_holds_is_kept_for_it() {
    let mut story = Story::begin().await;
    let by = story.administrator.clone();
    let ben = story.seed.clinician("gp", "Ben Example", &by).await;
    offer(&story.world, story.seed.bank, by.account, story.session, story.ann.id).await;
    let page = story.visitor.get(&story.path("")).await.expect(200);
    page.says("Every place that is left is held by an offer").says("Has been offered it");
    page.says("Ann Example, to answer by 9am tomorrow");
    story.asked(&ben).await.expect(409).says("Nobody can be booked in this session now");
    story.book(&ben, &ben.id.to_string(), "85").await.expect(409).says("being held for somebody else");
    assert!(story.bookings().await.is_empty());

    // Taken back, the place is free, and the one who held it is told.
    let asked = story.visitor.get(&page.address(&story.path("/take-back"))).await.expect(200);
    asked.says("Take back the offer to Ann Example?");
    let offered = asked.hidden("offer");
    let form = [("offer", offered.as_str())];
    story.visitor.post(&story.path("/take-back"), &form).await.expect(303);
    story.visitor.post(&story.path("/take-back"), &form).await.expect(409).says("This offer was withdrawn");
    story.book(&ben, &ben.id.to_string(), "85").await.expect(303);
    story.world.work().await;
    let told = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(told.contains("no longer available. The bank is filling it in another way."), "{told}");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn a_session_without_a_rate_to_pay_says_so() {
    let mut story = Story::begin().await;
    story.seed.rate_range("gp", "core", "2026-11-03", 2_000, 3_000).await;
    let page = story.visitor.get(&story.path("")).await.expect(200);
    page.says("leaves no rate that this session could pay");
    let ann = story.ann.clone();
    story
        .book(&ann, &ann.id.to_string(), "80")
        .await
        .expect(409)
        .says("outside the commissioner's range now");
    assert!(story.bookings().await.is_empty());
    story.world.stop().await;
}

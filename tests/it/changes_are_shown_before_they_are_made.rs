//! Whoever changes a fact sees what falls with it before anything is changed; what stands all the same is on a list for
//! administrators until it is settled.

use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;

use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

const DETAILS: [(&str, &str); 7] = [
    ("engagement", "self_employed"),
    ("registration", "7012345"),
    ("home", "DT1"),
    ("travel", "25"),
    ("week", "37.5"),
    ("day", ""),
    ("rest", "11"),
];

fn details(number: &'static str) -> Vec<(&'static str, &'static str)> {
    DETAILS.map(|(name, value)| if name == "registration" { (name, number) } else { (name, value) }).to_vec()
}

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    abi: Visitor,
    practice: PracticeId,
    ann: Clinician,
    her: Visitor,
}

impl Story {
    /// Ann is cleared on her number, booked on Tuesday 10 November and offered a session on Thursday 12.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        seed.practice_manager("Mo Example", &[practice]).await;
        let her = world.signed_in(&ann.person.email).await;
        her.post("/me/details", &details("7012345")).await.expect(303);
        seed.cleared_until(&ann, "2028-11-02", &administrator).await;
        seed.competency(&ann, "basic_life_support", Some("2027-11-01")).await;
        let abi = world.signed_in(&administrator.email).await;
        let mut story = Self { world, seed, administrator, abi, practice, ann, her };
        let link = story.offered("2026-11-10").await;
        story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        story.offered("2026-11-12").await;
        story.world.work().await;
        story
    }

    /// The link of an offer of a session on that day which needs basic life support.
    async fn offered(&mut self, date: &str) -> String {
        let session: SessionId = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
        sqlx::query("insert into session_competency (bank_id, session_id, competency) values ($1, $2, $3)")
            .bind(self.seed.bank)
            .bind(session)
            .bind("basic_life_support")
            .execute(self.seed.connection())
            .await
            .expect("a need");
        let (bank, by) = (self.seed.bank, self.administrator.account);
        link_of(&self.world, offer(&self.world, bank, by, session, self.ann.id).await)
    }

    /// Sends a form, is shown what falls with it, and sends it again as the page does.
    async fn goes_on(&self, visitor: &Visitor, path: &str, form: &[(&str, &str)]) -> (Page, Page) {
        let asked = visitor.post(path, form).await.expect(200);
        asked.says("Read this before you go on").says("Nothing has been changed yet");
        let seen = asked.hidden("seen");
        let again = [form, &[("seen", seen.as_str())]].concat();
        let done = visitor.post(path, &again).await.expect(303);
        (asked, done)
    }

    async fn open_offers(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from offer where state = 'open'")
            .fetch_one(self.seed.connection())
            .await
            .expect("the offers")
    }

    async fn finish(mut self) {
        self.world.work().await;
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn another_number_on_the_register_is_open_to_a_new_decision() {
    let mut story = Story::begin().await;
    let (asked, _) = story.goes_on(&story.her, "/me/details", &details("7099999")).await;
    asked.says("1 offer ends").says("1 booking has to be looked at").says("Orchid House Surgery");
    assert_eq!(story.open_offers().await, 0);
    story
        .her
        .get("/me")
        .await
        .expect(200)
        .says("Your registration number has changed since you were cleared");
    story.world.work().await;
    let told = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(told.contains("Your clearance does not cover this session any more."), "{told}");
    let told = story.world.inbox.last_of(&story.administrator.email);
    assert!(told.text().contains("Ann Example: Cleared on another registration number"), "{}", told.text());

    let clinician = format!("/clinicians/{}", story.ann.id);
    let page = story.abi.get(&clinician).await.expect(200);
    page.says("Number changed: decide again").does_not_say("Documents seen Registration");
    story.abi.get("/clinicians").await.expect(200).says("Number changed: decide again");
    let list = story.abi.get("/bookings-to-look-at").await.expect(200);
    list.says("Ann Example").says("Cleared on another registration number");
    list.says("Look the new number up on the register and decide about the clearance again");

    let decision = [
        ("until-day", "31"),
        ("until-month", "1"),
        ("until-year", "2027"),
        ("reason", "The new number is on the register"),
        ("sure", "yes"),
    ];
    story.abi.post(&format!("{clinician}/clear"), &decision).await.expect(303);
    story.abi.get("/bookings-to-look-at").await.expect(200).says("Nothing to look at");
    story.abi.get(&clinician).await.expect(200).says("Until 31 January 2027");
    story.finish().await;
}

#[tokio::test]
async fn a_document_taken_away_lists_the_booking_that_needs_it_until_it_is_cancelled() {
    let mut story = Story::begin().await;
    let path = format!("/clinicians/{}/documents/remove", story.ann.id);
    let form = [("competency", "basic_life_support")];
    let (asked, _) = story.goes_on(&story.abi, &path, &form).await;
    asked.says("1 offer ends").says("Lacks basic life support").says("1 booking has to be looked at");
    assert_eq!(story.open_offers().await, 0);
    let list = story.abi.get("/bookings-to-look-at").await.expect(200);
    list.says("Lacks basic life support").says("Record the document or skill once you have seen it");
    let cancel = list.address("/rota/bookings/");
    story.abi.get(&cancel).await.expect(200).says("Cancel the booking of Ann Example?");
    story.abi.post(&cancel, &[("reason", " ")]).await.expect(422).says("Select who gives it up and why");
    story.abi.post(&cancel, &[("reason", "bank.rules_not_met")]).await.expect(303);
    story.abi.get("/bookings-to-look-at").await.expect(200).says("Nothing to look at");
    story.abi.get(&cancel).await.expect(409).says("cancelled");
    story.world.work().await;
    let told = story.world.inbox.of(&story.ann.person.email);
    assert!(told.iter().any(|mail| mail.text().contains("doesn’t meet the bank’s rules")), "she is told why");
    story.finish().await;
}

#[tokio::test]
async fn time_away_ends_what_is_offered_then_and_leaves_what_is_booked() {
    let mut story = Story::begin().await;
    let form = [
        ("from-day", "9"),
        ("from-month", "11"),
        ("from-year", "2026"),
        ("until-day", "15"),
        ("until-month", "11"),
        ("until-year", "2026"),
    ];
    let (asked, _) = story.goes_on(&story.her, "/availability/away", &form).await;
    asked.says("1 offer ends").does_not_say("has to be looked at");
    assert_eq!(story.open_offers().await, 0);
    story.her.get("/bookings").await.expect(200).says("Orchid House Surgery");
    story.finish().await;
}

#[tokio::test]
async fn a_practice_not_to_work_at_ends_what_is_offered_there() {
    let mut story = Story::begin().await;
    let practice = story.practice.to_string();
    let form = [("practice", practice.as_str()), ("kind", "refused")];
    let (asked, _) = story.goes_on(&story.her, "/me/practices", &form).await;
    asked.says("1 offer ends");
    assert_eq!(story.open_offers().await, 0);
    story.finish().await;
}

#[tokio::test]
async fn a_commissioner_is_told_how_many_offers_a_range_ends_and_not_whose() {
    let mut story = Story::begin().await;
    let commissioner = story.seed.person(PersonKind::Commissioner, "Cas Example").await;
    let visitor = story.world.signed_in(&commissioner.email).await;
    let range = [
        ("role", "gp"),
        ("band", "core"),
        ("from-day", "11"),
        ("from-month", "11"),
        ("from-year", "2026"),
        ("floor", "70"),
        ("ceiling", "85"),
    ];
    let key = visitor.post("/rate-ranges/check", &range).await.expect(200).hidden("key");
    let form = [range.as_slice(), &[("key", key.as_str())]].concat();
    let (asked, _) = story.goes_on(&visitor, "/rate-ranges", &form).await;
    asked.says("1 offer ends").does_not_say("Ann Example");
    assert_eq!(story.open_offers().await, 0);
    story.finish().await;
}

#[tokio::test]
async fn what_comes_between_the_page_and_the_press_is_shown_as_well() {
    let mut story = Story::begin().await;
    let asked = story.her.post("/me/details", &details("7099999")).await.expect(200);
    let seen = asked.hidden("seen");
    story.offered("2026-11-13").await;
    let again = [details("7099999"), vec![("seen", seen.as_str())]].concat();
    story.her.post("/me/details", &again).await.expect(200).says("2 offers end");
    assert_eq!(story.open_offers().await, 2, "nothing was changed");
    story.finish().await;
}

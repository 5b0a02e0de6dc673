//! A practice's manager says what those need who come: clinicians read it with offers and bookings and in the mail that
//! confirms one; whom to ask for on the day is known to both sides of a live booking and to the bank's desk alone.

use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Visitor;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
}

/// The form, made from that version.
fn form(version: &'static str, parking: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("version", version),
        ("phone", "01305 000001"),
        ("system", "emis_web"),
        ("parking", parking),
        ("arrival", "Ring at the blue door.\r\nAsk for a log-in."),
        ("contact_name", "Sue Example"),
        ("contact_phone", "01305 000002"),
    ]
}

const BEHIND: &str = "Behind the building";

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, manager, practice, ann }
    }

    async fn signed_in(&self, person: &Person) -> Visitor {
        self.world.signed_in(&person.email).await
    }

    fn path(&self) -> String {
        format!("/practice/{}/guide", self.practice)
    }

    /// Offers Ann a session on 10 November and gives the path of the link in its mail.
    async fn offered(&mut self) -> String {
        let session = self.seed.session(self.practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let made = offer(&self.world, self.seed.bank, self.administrator.account, session, self.ann.id).await;
        link_of(&self.world, made)
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn what_a_manager_says_is_read_with_the_offer_the_booking_and_its_mail() {
    let mut story = Story::begin().await;
    let manager = story.signed_in(&story.manager).await;
    manager.get("/practice").await.expect(200).says("Nobody is named yet");
    manager.get(&story.path()).await.expect(200).says("Where to park");
    let done = manager.post(&story.path(), &form("0", BEHIND)).await.expect(303);
    let page = manager.get(&done.location).await.expect(200);
    page.says("is saved").says(BEHIND).says("Sue Example, 01305 000002").says("EMIS");

    let link = story.offered().await;
    let visitor = story.world.visitor();
    let page = visitor.get(&link).await.expect(200);
    page.says(BEHIND).says("Ring at the blue door").does_not_say("Sue Example");
    let ann = story.signed_in(&story.ann.person).await;
    let place = format!("/places/{}", story.practice);
    ann.get(&place).await.expect(200).says(BEHIND).says("01305 000001").does_not_say("Sue Example");

    visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    assert!(mail.header("Subject").starts_with("Booked:"), "{}", mail.header("Subject"));
    let text = mail.text();
    for said in [BEHIND, "Ring at the blue door", "On the day, ask for: Sue Example, 01305 000002"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let practices = story.world.inbox.last_of(&story.manager.email).text();
    assert!(!practices.contains("01305 000002"), "{practices}");
    ann.get(&place).await.expect(200).says("Sue Example, 01305 000002");
    let booking: String = sqlx::query_scalar("select id::text from booking")
        .fetch_one(story.seed.connection())
        .await
        .expect("the booking");
    let booking = format!("/bookings/{booking}");
    ann.get(&booking).await.expect(200).says("Sue Example, 01305 000002").says("About the practice");
    manager.get(&booking).await.expect(200).says("Sue Example, 01305 000002");

    // Neither a colleague who is not booked, nor she once it is cancelled, may know.
    let by = story.administrator.clone();
    let bea = story.seed.clinician("gp", "Bea Example", &by).await;
    let commissioner = story.seed.person(PersonKind::Commissioner, "Cas Example").await;
    for other in [&bea.person, &commissioner] {
        let other = story.signed_in(other).await;
        other.get(&place).await.expect(200).says(BEHIND).does_not_say("Sue Example");
    }
    let administrator = story.signed_in(&story.administrator).await;
    administrator.get(&place).await.expect(200).says("Sue Example");
    administrator
        .get(&format!("/practices/{}", story.practice))
        .await
        .expect(200)
        .says("Mo Example")
        .says(BEHIND);
    ann.post(&format!("{booking}/cancel"), &[("reason", "cannot_get_there")]).await.expect(303);
    ann.get(&place).await.expect(200).does_not_say("Sue Example");
    ann.get(&booking).await.expect(200).says(BEHIND).does_not_say("Sue Example");
    story.finish().await;
}

#[tokio::test]
async fn what_can_not_be_read_is_sent_back_and_nobody_else_may_say_it() {
    let mut story = Story::begin().await;
    let manager = story.signed_in(&story.manager).await;
    let mut wrong = form("0", BEHIND);
    wrong[6].1 = "ask at the desk";
    let page = manager.post(&story.path(), &wrong).await.expect(422);
    page.says("Enter a phone number on the day, like").says("Ring at the blue door");
    wrong[6].1 = "";
    manager
        .post(&story.path(), &wrong)
        .await
        .expect(422)
        .says("Enter the phone number at which they are reached");
    let far = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let other = story.seed.practice_manager("Pat Example", &[far]).await;
    let other = story.signed_in(&other).await;
    other.get(&story.path()).await.expect(404);
    other.post(&story.path(), &form("0", BEHIND)).await.expect(404);
    let ann = story.signed_in(&story.ann.person).await;
    ann.post(&story.path(), &form("0", BEHIND)).await.expect(404);
    let said: i64 = sqlx::query_scalar("select count(*) from practice_guide")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(said, 0);
    story.finish().await;
}

#[tokio::test]
async fn of_two_colleagues_at_once_the_second_is_told() {
    let mut story = Story::begin().await;
    let pat = story.seed.practice_manager("Pat Example", &[story.practice]).await;
    let (mo, pat) = (story.signed_in(&story.manager).await, story.signed_in(&pat).await);
    let path = story.path();
    let (one, other) = (form("0", "In the yard"), form("0", "In the street"));
    let (one, other) = tokio::join!(mo.post(&path, &one), pat.post(&path, &other));
    let statuses = [one.status.as_u16(), other.status.as_u16()];
    assert!(statuses == [303, 409] || statuses == [409, 303], "{statuses:?}");
    let (lost, stands) = if statuses[0] == 409 { (one, "In the street") } else { (other, "In the yard") };
    lost.says("A colleague has changed this meanwhile");
    mo.get("/practice").await.expect(200).says(stands);
    // The same again is no change, from whatever version.
    let again = form("0", stands);
    mo.post(&path, &again).await.expect(303);
    let version: i32 = sqlx::query_scalar("select version from practice_guide")
        .fetch_one(story.seed.connection())
        .await
        .expect("a version");
    assert_eq!(version, 1);
    story.finish().await;
}

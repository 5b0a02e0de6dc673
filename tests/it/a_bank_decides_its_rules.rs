//! An administrator decides what counts for the bank: sees what it touches, decides, and whoever else decided meanwhile is
//! told; each decision stays on record with who and why, and offers, bookings and plans follow it.

use chrono::TimeDelta;
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

const ABI: &str = "Abi Example";

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
}

/// The form of a section, with the version that was seen.
type Form = Vec<(&'static str, &'static str)>;

fn hours(rest: &'static str, week: &'static str, version: &'static str) -> Form {
    vec![
        ("least_rest_hours", rest),
        ("most_hours_per_week", week),
        ("why", "People were tired"),
        ("version", version),
    ]
}

fn answers(within: &'static str, until: &'static str, version: &'static str) -> Form {
    vec![
        ("within_hours", within),
        ("from_hour", "8"),
        ("until_hour", until),
        ("told_from_hour", "8"),
        ("why", "People asked for it"),
        ("version", version),
    ]
}

impl Story {
    /// Monday 2 November 2026, 9am.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, practice, ann }
    }

    /// Books Ann by the link of an offer.
    async fn booked(&mut self, date: &str, from: &str, until: &str) {
        let session = self.seed.session(self.practice, "gp", date, from, until).await;
        let made = offer(&self.world, self.seed.bank, self.administrator.account, session, self.ann.id).await;
        let link = link_of(&self.world, made);
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        self.world.work().await;
    }

    async fn run(&mut self, statement: &'static str) {
        sqlx::query(statement).execute(self.seed.connection()).await.expect(statement);
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn longer_rest_shows_what_it_touches_and_puts_it_on_the_list() {
    let mut story = Story::begin().await;
    story.run("update clinician set engagement = 'employed'").await;
    // Thirteen hours and a half lie between the two, and the third stands alone.
    story.booked("2026-11-10", "13:00", "18:00").await;
    story.booked("2026-11-11", "07:30", "11:30").await;
    story.booked("2026-11-20", "13:00", "18:00").await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    administrator.get("/bank").await.expect(200).says("11 hours").says("Nothing has been changed yet");
    administrator.get("/bank/hours").await.expect(200).says("The law wants 11");

    let check = administrator.post("/bank/hours/check", &hours("14", "48", "0")).await.expect(200);
    check
        .says("Hours of rest: 14 hours, before 11 hours")
        .says("The bank employs 1 person, with 3 bookings to come");
    let asked = administrator.post("/bank/hours", &hours("14", "48", "0")).await.expect(200);
    asked
        .says("Read this before you go on")
        .says("2 bookings have to be looked at")
        .says("Would have too little rest");
    administrator.get("/bank").await.expect(200).says("Nothing has been changed yet");
    let mut going_on = hours("14", "48", "0");
    let seen = asked.body.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let seen = seen.expect("what was seen").to_owned();
    going_on.push(("seen", seen.leak()));
    let done = administrator.post("/bank/hours", &going_on).await.expect(303);
    let page = administrator.get(&done.location).await.expect(200);
    page.says("Rest and hours: changed").says("14 hours, before 11 hours").says("People were tired");
    page.says(ABI);
    let list = administrator.get("/bookings-to-look-at").await.expect(200);
    list.says("Tue 10 Nov").says("Wed 11 Nov").does_not_say("Fri 20 Nov");

    // What the rule leaves no rest for is not offered or booked any more, and the person reads the bank's hours.
    let session = story.seed.session(story.practice, "gp", "2026-11-21", "07:00", "09:00").await;
    let made = offer(&story.world, story.seed.bank, story.administrator.account, session, story.ann.id).await;
    let link = link_of(&story.world, made);
    let refused = story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    refused.says("less than 14 hours of rest");

    // Back to the law, the list is empty again.
    administrator.post("/bank/hours", &hours("11", "48", "1")).await.expect(303);
    administrator.get("/bookings-to-look-at").await.expect(200).does_not_say("Tue 10 Nov");
    story.finish().await;
}

#[tokio::test]
async fn of_two_who_decide_at_once_the_second_is_told_and_nothing_is_lost() {
    let mut story = Story::begin().await;
    let other = story.seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    let (abi, bo) =
        (story.world.signed_in(&story.administrator.email).await, story.world.signed_in(&other.email).await);
    let (first, second) = (answers("48", "21", "0"), answers("12", "20", "0"));
    let (one, two) = tokio::join!(abi.post("/bank/answers", &first), bo.post("/bank/answers", &second));
    let statuses = [one.status.as_u16(), two.status.as_u16()];
    assert!(statuses == [303, 409] || statuses == [409, 303], "{statuses:?}");
    let (lost, winner) = if statuses[0] == 409 { (one, "Bo Example") } else { (two, ABI) };
    lost.says("Somebody has changed offers and their answers meanwhile").says(winner);
    let versions: i64 = sqlx::query_scalar("select count(*) from bank_rule")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(versions, 1);
    // The same form sent again by whoever decided it is decided once.
    let (again, form) = if winner == "Bo Example" { (&bo, second) } else { (&abi, first) };
    again.post("/bank/answers", &form).await.expect(303);
    // A form opened before is refused at its check too.
    let stale = if winner == "Bo Example" { &abi } else { &bo };
    stale.post("/bank/answers/check", &answers("36", "21", "0")).await.expect(409).says("meanwhile");
    story.finish().await;
}

#[tokio::test]
async fn offers_stand_and_are_told_by_the_banks_own_hours() {
    let mut story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let wrong = administrator.post("/bank/answers/check", &answers("0", "21", "0")).await.expect(422);
    wrong.says("Hours to answer an offer must be between 1 and 168");
    let check = administrator.post("/bank/answers/check", &answers("48", "20", "0")).await.expect(200);
    check.says("48 hours, before 24 hours").says("No offer is out");
    administrator.post("/bank/answers", &answers("48", "20", "0")).await.expect(303);
    // 8:30pm is night here, where it was evening before.
    story.world.app.clock.advance(TimeDelta::minutes(11 * 60 + 30));
    let session = story.seed.session(story.practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let by = story.administrator.account;
    offer(&story.world, story.seed.bank, by, session, story.ann.id).await;
    story.world.work().await;
    assert!(story.world.inbox.of(&story.ann.person.email).is_empty(), "a mail came at 8:30pm");
    story.world.app.clock.advance(TimeDelta::minutes(11 * 60 + 31));
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    assert!(
        mail.header("Subject").ends_with("answer by 8am on Thursday 5 November"),
        "{}",
        mail.header("Subject")
    );
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/our-bank").await.expect(200).says("48 hours").says("8pm");
    ann.get("/bank").await.expect(404);
    story.finish().await;
}

#[tokio::test]
async fn plans_weigh_as_the_bank_decides() {
    let mut story = Story::begin().await;
    story.seed.session(story.practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let weights = [
        ("fill_points", "500000"),
        ("pay_points_per_pound", "200"),
        ("travel_points_per_km", "10"),
        ("preferred_practice_points", "5000"),
        ("continuity_points", "3000"),
        ("incumbent_points", "20000"),
        ("why", "Money is short"),
        ("version", "0"),
    ];
    let check = administrator.post("/bank/weights/check", &weights).await.expect(200);
    check.says("Each pound of pay: 200 points, before 100 points");
    check.says("A plan pays up to £2,500 more to fill one place more");
    administrator.post("/bank/weights", &weights).await.expect(303);
    let plan = administrator.ask_for_plan("2026-11-10", "2026-11-10").await;
    story.world.work().await;
    let problem = administrator.get(&format!("{plan}/problem.json")).await.expect(200);
    assert!(problem.body.contains("\"pay_points_per_pound\": 200"), "{}", &problem.body[..400]);
    story.finish().await;
}

#[tokio::test]
async fn the_bank_is_called_and_found_as_it_says() {
    let story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let about = [
        ("name", "Orchard bank"),
        ("address", "1 High Street, Orchester, DT1 1AA"),
        ("phone", "01305 000001"),
        ("email", "bank@orchard.example"),
        ("why", "The board has another name"),
        ("version", "0"),
    ];
    let mut wrong = about;
    wrong[2].1 = "ring me";
    administrator
        .post("/bank/about/check", &wrong)
        .await
        .expect(422)
        .says("Enter a phone number, like 01622 000001");
    administrator
        .post("/bank/about/check", &about)
        .await
        .expect(200)
        .says("Name: Orchard bank, before Test bank");
    administrator.post("/bank/about", &about).await.expect(303);
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/offers").await.expect(200).says("About Orchard bank");
    let page = ann.get("/our-bank").await.expect(200);
    page.says("About Orchard bank").says("1 High Street, Orchester, DT1 1AA").says("01305 000001");
    // An operator's command names it otherwise, and the page says so; called back on the page, it is called so again.
    let mut story = story;
    story.run("update bank set name = 'Wold bank'").await;
    administrator.get("/bank").await.expect(200).says("Wold bank");
    let mut back = about;
    back[5].1 = "1";
    administrator.post("/bank/about", &back).await.expect(303);
    administrator.get("/bank").await.expect(200).says("About Orchard bank").does_not_say("Wold bank");
    // What is no section is no page.
    administrator.get("/bank/weather").await.expect(404);
    story.finish().await;
}

//! An administrator keeps the roles, competencies and bands of the bank on its pages: sees what a change touches, makes it
//! with a reason, and everybody sees it from then on; another bank sees nothing of it.

use chrono::TimeDelta;
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
}

const ASSOCIATE: [(&str, &str); 10] = [
    ("kind", "role"),
    ("name", "Nursing associate"),
    ("plural", "Nursing associates"),
    ("regulator", "NMC"),
    ("form", "##@####@"),
    ("example", "12A3456E"),
    ("lowest", "4"),
    ("highest", "4"),
    ("version", ""),
    ("why", "Two practices employ them"),
];

/// The form of the role that comes with the service, at a version.
fn physician_associate<'a>(name: &'a str, until: [&'a str; 3], version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("kind", "role"),
        ("code", "physician_associate"),
        ("version", version),
        ("name", name),
        ("plural", "Physician assistants"),
        ("regulator", "GMC"),
        ("form", "A#######"),
        ("example", "A7012345"),
        ("lowest", "7"),
        ("highest", "7"),
        ("until-day", until[0]),
        ("until-month", until[1]),
        ("until-year", until[2]),
        ("why", "They are called so since the review"),
    ]
}

impl Story {
    /// Monday 2 November 2026, 9am.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, manager, practice, ann }
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn a_role_is_added_and_everybody_of_the_bank_can_choose_it_and_nobody_else() {
    let story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    administrator.get("/bank").await.expect(200).says("See, add and change roles and competencies");
    administrator
        .get("/bank/roles")
        .await
        .expect(200)
        .says("Physician associate")
        .does_not_say("Nursing associate");
    administrator.get("/bank/roles/change?kind=role").await.expect(200).says("Add a role");
    let wrong: Vec<_> = ASSOCIATE
        .iter()
        .map(|(name, value)| if *name == "example" { (*name, "123") } else { (*name, *value) })
        .collect();
    administrator
        .post("/bank/roles/check", &wrong)
        .await
        .expect(422)
        .says("The example must be a number as 2 figures");
    let check = administrator.post("/bank/roles/check", &ASSOCIATE).await.expect(200);
    check.says("Register: NMC").says("Practices can post sessions for it once your commissioner");
    let done = administrator.post("/bank/roles", &ASSOCIATE).await.expect(303);
    let list = administrator.get(&done.location).await.expect(200);
    list.says("Nursing associate is saved")
        .says("NMC, like 12A3456E")
        .says("Two practices employ them")
        .says("Abi Example");
    administrator
        .post("/bank/roles", &ASSOCIATE)
        .await
        .expect(422)
        .says("There is a Nursing associate already");

    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get("/sessions/new").await.expect(200).says("Nursing associate");
    let mut other_seed = Seed::bank(&story.world, "Other bank").await;
    let elsewhere = other_seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    let other = story.world.signed_in(&elsewhere.email).await;
    other.get("/bank/roles").await.expect(200).says("Physician associate").does_not_say("Nursing associate");
    // The same word in another bank is another role.
    other.post("/bank/roles", &ASSOCIATE).await.expect(303);
    other.get("/bank/roles").await.expect(200).says("Nursing associate");
    story.finish().await;
}

#[tokio::test]
async fn a_role_is_renamed_and_used_no_more_and_what_stands_stays() {
    let mut story = Story::begin().await;
    story.seed.rate_range("physician_associate", "core", "2026-01-01", 3_000, 5_000).await;
    let open =
        story.seed.session(story.practice, "physician_associate", "2026-12-10", "08:30", "12:40").await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let wish = physician_associate("Physician assistant", ["30", "11", "2026"], "0");
    let check = administrator.post("/bank/roles/check", &wish).await.expect(200);
    check
        .says("Name: Physician assistant, before Physician associate")
        .says("Last day of use: 30 November 2026, before No end");
    check.says("1 open session asks for it after that day, 0 of them with somebody booked");
    let done = administrator.post("/bank/roles", &wish).await.expect(303);
    administrator
        .get(&done.location)
        .await
        .expect(200)
        .says("Until 30 November 2026")
        .says("before Physician associate");

    // What was posted bears the new name, and nothing can be posted for a day after the last.
    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get(&format!("/sessions/{open}")).await.expect(200).says("Physician assistant");
    let form = |day: &'static str, month: &'static str| {
        vec![
            ("practice", story.practice.to_string()),
            ("on-day", day.to_owned()),
            ("on-month", month.to_owned()),
            ("on-year", "2026".to_owned()),
            ("start", "8:30am".to_owned()),
            ("end", "12:40pm".to_owned()),
            ("role", "physician_associate".to_owned()),
            ("places", "1".to_owned()),
            ("rate-min", "40".to_owned()),
        ]
    };
    let pairs = |form: &[(&'static str, String)]| {
        form.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>()
    };
    let late = pairs(&form("1", "12"));
    let late: Vec<_> = late.iter().map(|(name, value)| (*name, value.as_str())).collect();
    manager
        .post("/sessions/check", &late)
        .await
        .expect(422)
        .says("The bank uses Physician assistant until 30 November 2026");
    let early = pairs(&form("30", "11"));
    let early: Vec<_> = early.iter().map(|(name, value)| (*name, value.as_str())).collect();
    manager.post("/sessions/check", &early).await.expect(200);
    story.world.app.clock.advance(TimeDelta::days(29));
    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get("/sessions/new").await.expect(200).does_not_say("Physician assistant");
    story.finish().await;
}

#[tokio::test]
async fn of_two_who_change_a_role_at_once_the_second_is_told() {
    let mut story = Story::begin().await;
    let second = story.seed.person(PersonKind::BankAdministrator, "Zoe Example").await;
    let one = story.world.signed_in(&story.administrator.email).await;
    let other = story.world.signed_in(&second.email).await;
    one.post("/bank/roles", &physician_associate("Physician assistant", ["", "", ""], "0")).await.expect(303);
    let refused = other.post("/bank/roles", &physician_associate("PA", ["", "", ""], "0")).await.expect(409);
    refused.says("Somebody has changed PA meanwhile");
    let again = one.post("/bank/roles", &physician_associate("Physician assistant", ["", "", ""], "0")).await;
    one.get(&again.expect(303).location).await.expect(200).says("Physician assistant says that already");
    story.finish().await;
}

#[tokio::test]
async fn a_document_that_a_role_needs_is_used_until_the_role_does_not() {
    let mut story = Story::begin().await;
    story.seed.need("gp", "indemnity", "2026-01-01").await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let new = [
        ("kind", "competency"),
        ("name", "Travel vaccines"),
        ("sort", "skill"),
        ("why", "A travel clinic opened"),
    ];
    let check = administrator.post("/bank/roles/check", &new).await.expect(200);
    check.says("nobody fits a session that asks for it");
    administrator.post("/bank/roles", &new).await.expect(303);
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/me/skills").await.expect(200).says("Travel vaccines");
    let end = [
        ("kind", "competency"),
        ("code", "indemnity"),
        ("version", "0"),
        ("name", "Indemnity"),
        ("until-day", "31"),
        ("until-month", "12"),
        ("until-year", "2026"),
        ("why", "The state indemnifies"),
    ];
    administrator.post("/bank/roles", &end).await.expect(422).says("GP needs it: end that first");
    administrator.post("/needs/end", &[("role", "gp"), ("document", "indemnity")]).await.expect(303);
    administrator.post("/bank/roles", &end).await.expect(303);
    story.finish().await;
}

#[tokio::test]
async fn bands_get_other_times_and_sessions_follow_or_are_told() {
    let mut story = Story::begin().await;
    story.seed.rate_range("gp", "evening", "2026-01-01", 7_500, 12_000).await;
    let booked = story.seed.session(story.practice, "gp", "2026-11-10", "17:30", "20:00").await;
    story.seed.session(story.practice, "gp", "2026-11-11", "17:30", "20:00").await;
    let made = offer(&story.world, story.seed.bank, story.administrator.account, booked, story.ann.id).await;
    story
        .world
        .visitor()
        .post_without_token(&link_of(&story.world, made), &[("answer", "accept")])
        .await
        .expect(303);
    story.world.work().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    administrator.get("/bank/bands").await.expect(200).says("Core hours from");
    let form = [
        ("weekday-core", "8am"),
        ("weekday-evening", "5pm"),
        ("weekday-night", ""),
        ("saturday-saturday", "00:00"),
        ("sunday-sunday", "00:00"),
        ("version", "0"),
        ("why", "Evenings begin earlier"),
    ];
    let check = administrator.post("/bank/bands", &form).await.expect(200);
    check.says("Monday to Friday: core hours from 8am, evening from 5pm until 8am");
    check
        .says("Wednesday 11 November 2026, 5:30pm to 8pm, is Evening now, not Core hours")
        .says("stays Core hours");
    let mut going_on = form.to_vec();
    let seen = check.hidden("seen");
    going_on.push(("seen", &seen));
    let done = administrator.post("/bank/bands", &going_on).await.expect(303);
    administrator
        .get(&done.location)
        .await
        .expect(200)
        .says("Evenings begin earlier")
        .says("evening from 5pm");
    let bands: Vec<String> = sqlx::query_scalar("select band from session order by local_date")
        .fetch_all(story.seed.connection())
        .await
        .expect("the bands");
    assert_eq!(bands, ["core", "evening"]);
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    assert!(mail.text().contains("It was agreed as core hours and falls in evening now."), "{}", mail.text());
    administrator
        .post("/bank/bands", &going_on)
        .await
        .expect(409)
        .says("Somebody has given the bands other times");
    story.finish().await;
}

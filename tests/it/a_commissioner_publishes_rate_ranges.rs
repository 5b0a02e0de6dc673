//! A commissioner publishes a dated range, sees what it touches, and practices are held to it from its first day.

use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::seed::Seed;

const RANGE: [(&str, &str); 7] = [
    ("role", "gp"),
    ("band", "core"),
    ("from-day", "1"),
    ("from-month", "12"),
    ("from-year", "2026"),
    ("floor", "76"),
    ("ceiling", "90"),
];

#[tokio::test]
async fn a_range_is_checked_published_once_and_shown_as_coming() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Robin Administrator").await;
    let clinician = seed.clinician("gp", "Jo Clinician", &administrator).await;
    seed.rate(&clinician, "core", 9200).await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    seed.session(practice, "gp", "2026-12-01", "09:00", "13:00").await;
    seed.session(practice, "gp", "2026-11-30", "09:00", "13:00").await;
    let commissioner = seed.person(PersonKind::Commissioner, "Sam Commissioner").await;
    let visitor = world.signed_in(&commissioner.email).await;
    visitor.get("/rate-ranges").await.expect(200).says("£70 to £100");

    let check = visitor.post("/rate-ranges/check", &RANGE).await.expect(200);
    check
        .says("£76 to £90 an hour")
        .says("Tuesday 1 December 2026")
        .says("£70 to £100 an hour from 1 January 2026");
    check.says("1 open session is posted for that time: the rate of 1 goes outside the new range");
    check.says("1 of them asks more than the new ceiling");
    let key = check.hidden("key");
    let sent = [RANGE.as_slice(), &[("key", key.as_str())]].concat();
    for _ in 0..2 {
        assert_eq!(visitor.post("/rate-ranges", &sent).await.expect(303).location, "/rate-ranges");
        visitor.get("/rate-ranges").await.expect(200).says("The range is published");
    }
    let mut connection = world.connection().await;
    let published: i64 = sqlx::query_scalar("select count(*) from rate_range where published_by = $1")
        .bind(commissioner.account)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(published, 1, "pressing twice publishes once");
    let page = visitor.get("/rate-ranges").await.expect(200);
    page.says("To come").says("1 December 2026").says("£76 to £90").says("Sam Commissioner");
}

#[tokio::test]
async fn practices_are_held_to_a_range_from_its_first_day() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    let manager = seed.practice_manager("Alex Manager", &[practice]).await;
    seed.rate_range("gp", "core", "2026-12-01", 7600, 9000).await;
    let visitor = world.signed_in(&manager.email).await;
    let practice = practice.to_string();
    let form = |day: &'static str, month: &'static str| {
        [
            ("practice", practice.as_str()),
            ("on-day", day),
            ("on-month", month),
            ("on-year", "2026"),
            ("start", "9am"),
            ("end", "1pm"),
            ("role", "gp"),
            ("places", "1"),
            ("rate-min", "95"),
        ]
    };
    visitor.post("/sessions/check", &form("30", "11")).await.expect(200);
    let refused = visitor.post("/sessions/check", &form("1", "12")).await.expect(422);
    refused.says("GP core hours: £76 to £90 an hour from 1 December 2026");
}

#[tokio::test]
async fn a_range_that_is_wrong_is_refused_in_words_and_only_commissioners_publish() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let commissioner = seed.person(PersonKind::Commissioner, "Sam Commissioner").await;
    let visitor = world.signed_in(&commissioner.email).await;
    let with = |name: &str, value: &'static str| -> Vec<(&str, &str)> {
        RANGE.iter().map(|(known, right)| (*known, if *known == name { value } else { *right })).collect()
    };
    let past = visitor.post("/rate-ranges/check", &with("from-month", "10")).await.expect(422);
    past.says("The first day must be today, 2 November 2026, or later");
    let upside_down = visitor.post("/rate-ranges/check", &with("ceiling", "75")).await.expect(422);
    upside_down.says("The ceiling must be the floor, £76, or more");
    let manager = seed.practice_manager("Alex Manager", &[]).await;
    let other = world.signed_in(&manager.email).await;
    other.get("/rate-ranges").await.expect(404);
    let sent = [RANGE.as_slice(), &[("key", "01980000-0000-7000-8000-000000000000")]].concat();
    other.post("/rate-ranges", &sent).await.expect(404);
    let mut connection = world.connection().await;
    let ranges: i64 = sqlx::query_scalar("select count(*) from rate_range where published_by is not null")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(ranges, 0);
}

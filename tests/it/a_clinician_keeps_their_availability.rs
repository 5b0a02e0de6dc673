//! A clinician gives weekly hours, single dates and time away, and sees how the next four weeks come out.

use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::seed::{Clinician, Seed};
use crate::support::visitor::Visitor;

/// A bank with one GP who has said nothing yet about when they can work, signed in.
async fn somebody_new(world: &World) -> (Seed, Clinician, Visitor) {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ad Ministrator").await;
    seed.practice("Y00001", "Orchid House Surgery").await;
    let clinician = seed.clinician("gp", "Rowan Ash", &administrator).await;
    sqlx::query("delete from availability_pattern").execute(seed.connection()).await.expect("a clean page");
    let visitor = world.signed_in(&clinician.person.email).await;
    (seed, clinician, visitor)
}

fn week(lines: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    lines.to_vec()
}

fn date(name: &str, day: &str, month: &str, year: &str) -> Vec<(String, String)> {
    [("day", day), ("month", month), ("year", year)]
        .iter()
        .map(|(part, value)| (format!("{name}-{part}"), (*value).to_owned()))
        .collect()
}

async fn send(visitor: &Visitor, path: &str, pairs: &[(String, String)]) -> crate::support::visitor::Page {
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post(path, &pairs).await
}

#[tokio::test]
async fn weekly_hours_come_out_in_the_weeks_ahead() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = somebody_new(&world).await;
    visitor.get("/availability").await.expect(200).says("No times yet");

    let lines = week(&[
        ("monday", "9am to 1pm, 2pm to 6pm"),
        ("friday", "8pm to midnight"),
        ("saturday", "midnight to 2am"),
    ]);
    let saved = visitor.post("/availability/week", &lines).await.expect(303);
    let page = visitor.get(&saved.location).await.expect(200);
    page.says("Your weekly hours are saved")
        .says("Monday 9am to 1pm, 2pm to 6pm")
        .says("Tuesday Not available");
    page.says("Mon 9 Nov 9am to 1pm 2pm to 6pm")
        .says("Sat 14 Nov midnight to 2am")
        .does_not_say("No times yet");

    // What was saved is what the form shows, and saving it again changes nothing.
    let form = visitor.get("/availability/week").await.expect(200);
    assert_eq!(form.hidden("monday"), "9am to 1pm, 2pm to 6pm");
    visitor.post("/availability/week", &lines).await.expect(303);
    let page = visitor.get("/availability").await.expect(200);
    assert_eq!(page.text().matches("Mon 9 Nov 9am to 1pm 2pm to 6pm").count(), 1);

    visitor.post("/availability/week", &week(&[("tuesday", "9am to 5pm")])).await.expect(303);
    let page = visitor.get("/availability").await.expect(200);
    page.says("Tue 10 Nov 9am to 5pm").says("Monday Not available").does_not_say("9am to 1pm");
}

#[tokio::test]
async fn hours_that_make_no_sense_are_refused_in_words_and_change_nothing() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = somebody_new(&world).await;
    let lines = week(&[
        ("monday", "9am to 5pm"),
        ("tuesday", "5pm to 9am"),
        ("wednesday", "9am to 1pm, midday to 5pm"),
        ("thursday", "mornings"),
    ]);
    let page = visitor.post("/availability/week", &lines).await.expect(422);
    page.says("Tuesday: 9am is not later than 5pm").says("Wednesday: 9am to 1pm and midday to 5pm overlap");
    page.says("Thursday: write the hours like 9am to 1pm, 2pm to 6pm");
    assert_eq!(page.hidden("thursday"), "mornings", "what was typed is kept");
    visitor.get("/availability").await.expect(200).says("No times yet");
}

#[tokio::test]
async fn single_dates_and_time_away_add_and_take_out_days() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = somebody_new(&world).await;
    visitor.post("/availability/week", &week(&[("monday", "9am to 5pm")])).await.expect(303);

    let hours = |start: &str, end: &str| {
        vec![("start".to_owned(), start.to_owned()), ("end".to_owned(), end.to_owned())]
    };
    let saturday = [date("on", "14", "11", "2026"), hours("9am", "1pm")].concat();
    send(&visitor, "/availability/dates", &saturday).await.expect(303);
    send(&visitor, "/availability/dates", &saturday)
        .await
        .expect(422)
        .says("You are available 9am to 1pm on that day already");
    let past = [date("on", "1", "11", "2026"), hours("9am", "1pm")].concat();
    send(&visitor, "/availability/dates", &past).await.expect(422).says("today, 2 November 2026, or later");

    let away = [date("from", "9", "11", "2026"), date("until", "15", "11", "2026")].concat();
    send(&visitor, "/availability/away", &away).await.expect(303);
    send(&visitor, "/availability/away", &away)
        .await
        .expect(422)
        .says("You are away 9 to 15 November 2026 already");
    let sunday = [date("on", "15", "11", "2026"), hours("9am", "1pm")].concat();
    send(&visitor, "/availability/dates", &sunday).await.expect(422).says("You are away on that day");
    let page = visitor.get("/availability").await.expect(200);
    page.says("Mon 9 Nov Away").says("Sat 14 Nov Away").says("Mon 16 Nov 9am to 5pm");

    let take_back = page.address("/availability/away/");
    assert!(take_back.ends_with("/remove"), "{take_back}");
    visitor.post(&take_back, &[]).await.expect(303);
    visitor.post(&take_back, &[]).await.expect(404);
    let page = visitor.get("/availability").await.expect(200);
    page.says("Mon 9 Nov 9am to 5pm").says("Sat 14 Nov 9am to 1pm");
    visitor.post(&page.address("/availability/dates/0"), &[]).await.expect(303);
    visitor.get("/availability").await.expect(200).does_not_say("Saturday 14 November 2026");
}

#[tokio::test]
async fn another_clinicians_availability_looks_like_none() {
    let world = World::start().await;
    let (mut seed, clinician, visitor) = somebody_new(&world).await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ad Ministrator").await;
    let other = seed.clinician("gp", "Hazel Birch", &administrator).await;
    let away = [date("from", "9", "11", "2026"), date("until", "15", "11", "2026")].concat();
    send(&visitor, "/availability/away", &away).await.expect(303);
    let theirs = visitor.get("/availability").await.expect(200).address("/availability/away/");
    let stranger = world.signed_in(&other.person.email).await;
    let (seen, none) = (
        stranger.post(&theirs, &[]).await.expect(404),
        stranger.post(&format!("/availability/away/{}/remove", uuid::Uuid::nil()), &[]).await.expect(404),
    );
    assert_eq!(seen.text(), none.text());
    visitor.get("/availability").await.expect(200).says("9 to 15 November 2026");
    let count: i64 = sqlx::query_scalar("select count(*) from time_away where clinician_id = $1")
        .bind(clinician.id)
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(count, 1);
}

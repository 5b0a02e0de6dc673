//! A practice drafts a vacancy as far as it knows it, sees it as job seekers will, publishes it, changes it, closes it, and
//! is asked what came of it until it says so.

use chrono::TimeDelta;
use locumbank::ground::id::PracticeId;

use crate::support::World;
use crate::support::opening::Opening;
use crate::support::seed::{Person, Seed};
use crate::support::vacancies::{fields, open_vacancy};

struct Story {
    world: World,
    seed: Seed,
    practice: PracticeId,
    mo: Person,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, practice, .. } = Opening::begin().await;
        let mo = seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, practice, mo }
    }
}

/// The fields with one of them said otherwise.
fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut fields = fields("Salaried GP");
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value));
    fields
}

#[tokio::test]
async fn a_draft_is_kept_as_typed_published_changed_and_closed() {
    let story = Story::begin().await;
    let mo = story.world.signed_in(&story.mo.email).await;
    mo.get("/your-vacancies").await.expect(200).says("No vacancies yet");
    mo.get("/your-vacancies/new").await.expect(200).says("Draft a vacancy");
    // Whatever is missing or wrong, a draft is kept.
    let kept =
        mo.post("/your-vacancies", &[("title", "Salaried GP"), ("hours_least", "plenty")]).await.expect(303);
    let path = kept.location.as_str();
    let page = mo.get(path).await.expect(200);
    page.says("Your draft is kept").says("Before it can be published").says("Select a contract");
    let form = mo.get(&format!("{path}/change")).await.expect(200);
    assert!(form.body.contains("value=\"plenty\""), "what was typed is kept");
    let (change, publish) = (format!("{path}/change"), format!("{path}/publish"));
    mo.post(&publish, &[("version", "1"), ("when", "now")]).await.expect(422);

    let mut whole = fields("Salaried GP");
    whole.push(("version", "1"));
    mo.post(&change, &whole).await.expect(303);
    mo.post(&change, &whole).await.expect(409).says("A colleague has changed this meanwhile");
    let page = mo.get(path).await.expect(200);
    page.says("As job seekers see it").says("6 sessions a week (25 hours)");
    page.says("£11,000 to £12,000 a year for each session a week (£99,000 to £108,000 full time)");
    page.says("Monday 30 November 2026, 5pm")
        .says("On the Performers List")
        .does_not_say("Before it can be published");
    mo.post(&publish, &[("version", "2")]).await.expect(422).says("Select when to publish");
    let late = [("version", "2"), ("when", "on"), ("on-day", "1"), ("on-month", "12"), ("on-year", "2026")];
    mo.post(&publish, &late).await.expect(409).says("would close before it opens");
    mo.post(&publish, &[("version", "2"), ("when", "now")]).await.expect(303);
    mo.get(path).await.expect(200).says("Published. Everybody").says("Open until 5pm on Monday 30 November");
    mo.post(&publish, &[("version", "3"), ("when", "now")]).await.expect(409).says("is published already");

    let mut wrong = with("closes-day", "1");
    wrong.push(("version", "3"));
    mo.post(&change, &wrong).await.expect(422).says("The closing date must be in the future");
    let mut paid = with("pay_most", "13,000");
    paid.push(("version", "3"));
    mo.post(&change, &paid).await.expect(303);
    mo.get(path).await.expect(200).says("Changed for everybody: pay.").says("Today at 9am: pay");

    mo.post(&format!("{path}/close"), &[]).await.expect(303);
    mo.get(path).await.expect(200).says("What came of it?").says("Closed today at 9am");
    let outcome = format!("{path}/outcome");
    mo.post(&outcome, &[("outcome", "not_filled")]).await.expect(422).says("Select why nobody was found");
    mo.post(&outcome, &[("outcome", "not_filled"), ("reason", "hours")]).await.expect(303);
    mo.get(path).await.expect(200).says("Not filled. Why: The hours or days.");
    let copied = mo.get(&mo.get(path).await.address("/your-vacancies/new?like=")).await.expect(200);
    assert!(
        copied.body.contains("value=\"13,000\"") && !copied.body.contains("value=\"30\""),
        "without dates"
    );
    story.world.stop().await;
}

#[tokio::test]
async fn whoever_closes_a_vacancy_is_asked_what_came_of_it_until_they_say_so() {
    let mut story = Story::begin().await;
    let id = open_vacancy(&mut story.seed, story.practice, "Receptionist").await;
    let asked = |story: &Story| {
        let all = story.world.inbox.of(&story.mo.email);
        all.iter().filter(|mail| mail.header("Subject") == "What came of your vacancy: Receptionist?").count()
    };
    story.world.work().await;
    assert_eq!(asked(&story), 0);
    story.world.app.clock.advance(TimeDelta::days(29));
    story.world.work().await;
    assert_eq!(asked(&story), 1);
    let text = story.world.inbox.last_of(&story.mo.email).text();
    assert!(text.contains(&format!("/your-vacancies/{id}")), "{text}");
    story.world.app.clock.advance(TimeDelta::days(3));
    story.world.work().await;
    assert_eq!(asked(&story), 1);
    story.world.app.clock.advance(TimeDelta::days(4));
    story.world.work().await;
    assert_eq!(asked(&story), 2);
    assert!(story.world.inbox.last_of(&story.mo.email).text().contains("we do not know yet what came of it"));

    let mo = story.world.signed_in(&story.mo.email).await;
    mo.post(&format!("/your-vacancies/{id}/outcome"), &[("outcome", "filled_here")]).await.expect(303);
    story.world.app.clock.advance(TimeDelta::days(8));
    story.world.work().await;
    assert_eq!(asked(&story), 2);
    story.world.stop().await;
}

#[tokio::test]
async fn of_two_who_say_what_came_of_it_at_once_one_is_heard() {
    let mut story = Story::begin().await;
    let id = open_vacancy(&mut story.seed, story.practice, "Salaried GP").await;
    let pat = story.seed.practice_manager("Pat Example", &[story.practice]).await;
    let (mo, pat) = (story.world.signed_in(&story.mo.email).await, story.world.signed_in(&pat.email).await);
    let path = format!("/your-vacancies/{id}/outcome");
    let (here, stopped) = ([("outcome", "filled_here")], [("outcome", "stopped")]);
    let (one, other) = tokio::join!(mo.post(&path, &here), pat.post(&path, &stopped));
    let statuses = [one.status.as_u16(), other.status.as_u16()];
    assert!(statuses == [303, 409] || statuses == [409, 303], "{statuses:?}");
    // Somebody of another practice sees none of it.
    let far = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let sam = story.seed.practice_manager("Sam Stranger", &[far]).await;
    let sam = story.world.signed_in(&sam.email).await;
    for path in [format!("/your-vacancies/{id}"), format!("/your-vacancies/new?like={id}")] {
        sam.get(&path).await.expect(404);
    }
    sam.get("/your-vacancies").await.expect(200).says("No vacancies yet");
    story.world.stop().await;
}

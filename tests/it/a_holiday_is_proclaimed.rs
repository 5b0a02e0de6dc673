//! A bank holiday is proclaimed: an administrator adds it on a page, sees before what it touches, open sessions follow, and
//! both sides of what was agreed are told.

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Person, Seed};
use crate::support::visitor::Page;

const CORONATION: [(&str, &str); 5] = [
    ("on-day", "10"),
    ("on-month", "11"),
    ("on-year", "2026"),
    ("title", "A coronation"),
    ("why", "Proclaimed on 1 November"),
];

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Person,
}

impl Story {
    /// Three sessions on Tuesday 10 November: one booked, one open, and one that pays less than a holiday does.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        seed.rate_range("gp", "sunday_or_bank_holiday", "2026-01-01", 7_500, 12_000).await;
        let booked = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        seed.session(practice, "gp", "2026-11-10", "13:00", "17:00").await;
        let cheap = seed.session(practice, "gp", "2026-11-10", "14:00", "18:00").await;
        sqlx::query("update session set rate_min_pence_per_hour = 7400 where id = $1")
            .bind(cheap)
            .execute(seed.connection())
            .await
            .expect("it pays less");
        let made = offer(&world, seed.bank, administrator.account, booked, ann.id).await;
        let link = link_of(&world, made);
        world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        world.work().await;
        Self { world, seed, administrator, manager, ann: ann.person }
    }

    async fn bands(&mut self) -> Vec<String> {
        sqlx::query_scalar("select band from session order by local_start")
            .fetch_all(self.seed.connection())
            .await
            .expect("the bands")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

fn with_seen<'a>(
    form: &[(&'a str, &'a str)],
    page: &'a Page,
    seen: &'a mut String,
) -> Vec<(&'a str, &'a str)> {
    *seen = page.hidden("seen");
    let mut form = form.to_vec();
    form.push(("seen", seen.as_str()));
    form
}

#[tokio::test]
async fn what_it_touches_is_shown_before_and_those_it_concerns_are_told() {
    let mut story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    administrator.get("/bank").await.expect(200).says("See and add bank holidays");
    administrator
        .get("/bank/holidays")
        .await
        .expect(200)
        .says("Friday 25 December 2026")
        .says("Add one that has been proclaimed");
    let check = administrator.post("/bank/holidays", &CORONATION).await.expect(200);
    check.says("Tuesday 10 November 2026 is a bank holiday: A coronation");
    check.says("1pm to 5pm, is Sunday or bank holiday now, not Core hours");
    check
        .says("Sessions that stay as they were agreed")
        .says("8:30am to 12:40pm, falls in Sunday or bank holiday and stays Core hours");
    check.says("its rate lies outside the range for GP");
    assert_eq!(story.bands().await, ["core", "core", "core"], "nothing is changed yet");

    let mut seen = String::new();
    let done =
        administrator.post("/bank/holidays", &with_seen(&CORONATION, &check, &mut seen)).await.expect(303);
    let page = administrator.get(&done.location).await.expect(200);
    page.says("The calendar is changed")
        .says("A coronation")
        .says("Proclaimed on 1 November")
        .says("Abi Example");
    page.says("Sessions in another band than the calendar has them in").says("8:30am to 12:40pm");
    assert_eq!(story.bands().await, ["core", "sunday_or_bank_holiday", "core"]);
    story.world.work().await;
    let subject = "Tue 10 Nov, 8:30am, Orchid House Surgery: your booking stays as agreed, and its day counts as Sunday or bank holiday now";
    let mail = story.world.inbox.last_of(&story.ann.email);
    assert_eq!(mail.header("Subject"), subject);
    assert!(
        mail.text().contains("It was agreed as core hours and falls in Sunday or bank holiday now."),
        "{}",
        mail.text()
    );
    let mail = story.world.inbox.last_of(&story.manager.email);
    assert!(
        mail.header("Subject").contains("the booking of Ann Example stays as agreed"),
        "{}",
        mail.header("Subject")
    );
    administrator.post("/bank/holidays", &CORONATION).await.expect(409).says("is a bank holiday already");
    story.finish().await;
}

#[tokio::test]
async fn what_has_moved_since_it_was_shown_is_shown_again() {
    let mut story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let check = administrator.post("/bank/holidays", &CORONATION).await.expect(200);
    let withdrawn =
        "update session set state = 'withdrawn', withdrawn_at = posted_at, withdrawn_reason = 'Closed'
                      where local_start = '13:00'";
    sqlx::query(withdrawn).execute(story.seed.connection()).await.expect("it is withdrawn");
    let mut seen = String::new();
    let form = with_seen(&CORONATION, &check, &mut seen);
    let again = administrator.post("/bank/holidays", &form).await.expect(200);
    again.says("Check the change before you make it").does_not_say("1pm to 5pm");
    // Of two at once one adds it, and the other is told.
    let mut seen = String::new();
    let form = with_seen(&CORONATION, &again, &mut seen);
    let (one, other) = tokio::join!(
        administrator.post("/bank/holidays", &form),
        administrator.post("/bank/holidays", &form)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    story.finish().await;
}

#[tokio::test]
async fn holidays_on_a_weekend_count_as_the_bank_chooses_on_its_page() {
    let story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let weekends = [
        ("kind", "weekends"),
        ("count", "substitute"),
        ("on-day", "1"),
        ("on-month", "12"),
        ("on-year", "2026"),
        ("why", "The board pays the substitute"),
    ];
    administrator
        .get("/bank/holidays?kind=weekends")
        .await
        .expect(200)
        .says("What counts when 25 or 26 December");
    let mut empty = weekends;
    empty[1].1 = "";
    administrator.post("/bank/holidays", &empty).await.expect(422).says("Select what counts");
    let check = administrator.post("/bank/holidays", &weekends).await.expect(200);
    check.says("From Tuesday 1 December 2026 on, the substitute alone counts");
    let mut seen = String::new();
    let done =
        administrator.post("/bank/holidays", &with_seen(&weekends, &check, &mut seen)).await.expect(303);
    let page = administrator.get(&done.location).await.expect(200);
    page.says("the substitute alone counts, from Tuesday 1 December 2026")
        .says("The board pays the substitute");
    page.does_not_say("Saturday 26 December 2026").says("Monday 28 December 2026");
    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get("/bank/holidays").await.expect(404);
    manager.post("/bank/holidays", &weekends).await.expect(404);
    story.finish().await;
}

//! A practice manager posts sessions, one and weekly, and is told what stands in the way.

mod dates;

use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;

use crate::support::seed::Seed;
use crate::support::visitor::{Page, Visitor};
use crate::support::{World, on_behalf_of};

struct Story {
    world: World,
    seed: Seed,
    practice: PracticeId,
    visitor: Visitor,
}

impl Story {
    async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let practice = seed.practice("J81001", "Orchid House Surgery").await;
        let manager = seed.practice_manager("Alex Manager", &[practice]).await;
        let visitor = world.signed_in(&manager.email).await;
        Self { world, seed, practice, visitor }
    }

    /// The form for Tuesday 10 November 2026, 8:30am to 12:40pm, with these fields changed or added.
    fn form(&self, changed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let right = [
            ("practice", self.practice.to_string()),
            ("on-day", "10".to_owned()),
            ("on-month", "11".to_owned()),
            ("on-year", "2026".to_owned()),
            ("start", "8:30am".to_owned()),
            ("end", "12:40pm".to_owned()),
            ("role", "gp".to_owned()),
            ("competency", "systmone".to_owned()),
            ("places", "2".to_owned()),
            ("rate-min", "80".to_owned()),
            ("rate-max", "95".to_owned()),
            ("notes", "Park behind the building".to_owned()),
        ];
        let is_changed = |name: &str| changed.iter().any(|(other, _)| *other == name);
        let kept = right.into_iter().filter(|(name, _)| !is_changed(name));
        kept.chain(changed.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
    }

    async fn check(&self, form: &[(&'static str, String)]) -> Page {
        self.visitor.post("/sessions/check", &borrowed(form)).await
    }

    /// Sends the form on from the page that asked to check it.
    async fn post(&self, form: &[(&'static str, String)], key: &str) -> Page {
        let mut fields = borrowed(form);
        fields.push(("key", key));
        self.visitor.post("/sessions", &fields).await
    }

    async fn count(&self, statement: &'static str) -> i64 {
        let mut connection = self.world.connection().await;
        sqlx::query_scalar(statement).fetch_one(&mut connection).await.expect("a count")
    }
}

fn borrowed<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

const SESSIONS: &str = "select count(*) from session";

#[tokio::test]
async fn a_session_is_checked_posted_once_and_seen_in_its_week() {
    let story = Story::begin().await;
    story.visitor.get("/sessions/new?date=2026-11-10").await.expect(200).says("Orchid House Surgery");
    let form = story.form(&[]);
    let check = story.check(&form).await.expect(200);
    check.says("Tuesday 10 November 2026").says("8:30am to 12:40pm").says("4 hours 10 minutes");
    check.says("Core hours").says("£80 to £95 an hour").says("SystmOne");
    assert_eq!(story.count(SESSIONS).await, 0, "nothing is posted before it is checked");

    let key = check.hidden("key");
    let posted = story.post(&form, &key).await.expect(303);
    assert_eq!(posted.location, "/sessions?week=2026-11-09");
    let week = story.visitor.get(&posted.location).await.expect(200);
    week.says("1 session is posted").says("8:30am to 12:40pm").says("Open");
    let again = story.post(&form, &key).await.expect(303);
    assert_eq!((again.location, story.count(SESSIONS).await), (posted.location, 1));
    assert_eq!(story.count("select count(*) from audit_event where action = 'session.posted'").await, 1);

    let href = week.address("/sessions/0");
    let session = story.visitor.get(&href).await.expect(200);
    session.says("GP").says("Park behind the building").says("Matching has not looked at this session yet");
}

#[tokio::test]
async fn the_same_form_sent_eight_times_at_once_posts_once() {
    let story = Story::begin().await;
    let form = story.form(&[]);
    let key = story.check(&form).await.expect(200).hidden("key");
    let sent = (0..8).map(|_| story.post(&form, &key));
    let answers = join_all(sent.collect()).await;
    let places: Vec<&str> = answers.iter().map(|answer| answer.location.as_str()).collect();
    assert_eq!(places, ["/sessions?week=2026-11-09"; 8]);
    assert_eq!(story.count(SESSIONS).await, 1);
    let other = story.check(&form).await.expect(200).hidden("key");
    story.post(&form, &other).await.expect(303);
    assert_eq!(story.count(SESSIONS).await, 2, "a form checked again is another session");
}

/// Runs futures together, in order of their answers' places.
async fn join_all(futures: Vec<impl Future<Output = Page>>) -> Vec<Page> {
    let mut pinned: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut answers: Vec<Option<Page>> = pinned.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, answer) in pinned.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let std::task::Poll::Ready(page) = future.as_mut().poll(context)
            {
                *answer = Some(page);
            }
        }
        if answers.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_rate_outside_the_range_is_refused_with_the_range_shown() {
    let story = Story::begin().await;
    let page = story.check(&story.form(&[("rate-max", "100.01")])).await.expect(422);
    page.says("The rate must lie inside the range. GP core hours: £70 to £100 an hour from 1 January 2026");
    let form = story.form(&[("rate-max", "100.01")]);
    story.post(&form, "01980000-0000-7000-8000-000000000000").await.expect(422);
    assert_eq!(story.count(SESSIONS).await, 0, "nor can the check be skipped");
}

#[tokio::test]
async fn the_past_another_practice_and_an_end_before_the_start_are_refused() {
    let mut story = Story::begin().await;
    let other = story.seed.practice("J81002", "Harbour Practice").await;
    let past = story.check(&story.form(&[("on-day", "1")])).await.expect(422);
    past.says("The session must start in the future");
    let foreign = story.check(&story.form(&[("practice", &other.to_string())])).await.expect(422);
    foreign.says("Select a practice");
    let upside_down = story.check(&story.form(&[("end", "8am")])).await.expect(422);
    upside_down.says("The end must be after the start");
    assert_eq!(story.count(SESSIONS).await, 0);
}

#[tokio::test]
async fn a_weekly_session_leaves_bank_holidays_out_and_keeps_its_wall_clock_times() {
    let story = Story::begin().await;
    let mut connection = story.world.connection().await;
    let weekly = [
        ("on-day", "22"),
        ("on-month", "3"),
        ("on-year", "2027"),
        ("repeat", "weekly"),
        ("until-day", "5"),
        ("until-month", "4"),
        ("until-year", "2027"),
    ];
    let answered = story.form(&weekly);
    let check = story.check(&answered).await.expect(200);
    check.says("Left out").says("Monday 29 March 2027 (Easter Monday)").says("2 sessions");
    story.post(&answered, &check.hidden("key")).await.expect(303);
    let starts: Vec<String> = sqlx::query_scalar(
        "select to_char(starts_at at time zone 'UTC', 'MM-DD HH24:MI') from session order by starts_at",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(starts, ["03-22 08:30", "04-05 07:30"], "the clocks went forward on 28 March");
    let series = "select count(distinct series_id) from session where series_id is not null";
    assert_eq!(story.count(series).await, 1);
}

#[tokio::test]
async fn where_the_band_changes_it_is_said_and_two_sessions_are_posted_in_one_press() {
    let mut story = Story::begin().await;
    story.seed.rate_range("gp", "evening", "2026-06-01", 11_000, 13_000).await;
    let why = "6pm to 10pm begins in core hours, so all of it is paid as core hours: a session is paid by the band in which it \
               begins. Evening begins at 6:30pm.";
    let two = "Post two sessions instead";
    let hours = [("start", "6pm"), ("end", "10pm")];
    let evenings_rate = story.form(&[&hours[..], &[("rate-min", "115"), ("rate-max", "")]].concat());
    let refused = story.check(&evenings_rate).await.expect(422);
    refused.says("The rate must lie inside the range. GP core hours: £70 to £100").says(why);
    refused.says("Post two sessions instead: 6pm to 6:30pm (core hours) and 6:30pm to 10pm (evening)");
    refused.says("Monday to Friday: core hours from 8am, evening from 6:30pm until 8am");
    story.check(&story.form(&hours)).await.expect(200).says(why).says(two);
    story.check(&story.form(&[])).await.expect(200).does_not_say(two);

    let ticked = [&hours[..], &[("split", "yes")]].concat();
    story.check(&story.form(&ticked)).await.expect(422).says("Enter a rate");
    let too_low = story.form(&[&ticked[..], &[("rate-after-min", "95")]].concat());
    story.check(&too_low).await.expect(422).says("GP evening: £110 to £130");
    let both = story.form(&[&ticked[..], &[("rate-after-min", "115"), ("rate-after-max", "120")]].concat());
    let check = story.check(&both).await.expect(200);
    check.says("2 sessions").says("6pm to 6:30pm").says("6:30pm to 10pm").does_not_say(two);
    check.says("£80 to £95 an hour, and £115 to £120 an hour where the band changes");
    story.post(&both, &check.hidden("key")).await.expect(303);
    let posted: Vec<(String, String, i32, i32)> = sqlx::query_as(
        "select band, to_char(starts_at, 'HH24:MI') || ' ' || to_char(ends_at, 'HH24:MI'), rate_min_pence_per_hour,
                rate_max_pence_per_hour from session order by starts_at",
    )
    .fetch_all(&mut story.world.connection().await)
    .await
    .unwrap();
    let session = |band: &str, span: &str, least, most| (band.to_owned(), span.to_owned(), least, most);
    assert_eq!(
        posted,
        [session("core", "18:00 18:30", 8_000, 9_500), session("evening", "18:30 22:00", 11_500, 12_000)]
    );
}

#[tokio::test]
async fn times_the_clocks_skip_or_repeat_are_asked_about() {
    let story = Story::begin().await;
    let skipped = [("on-day", "28"), ("on-month", "3"), ("on-year", "2027"), ("start", "1:30am")];
    let page = story.check(&story.form(&skipped)).await.expect(422);
    page.says("On Sunday 28 March 2027 the clocks go forward over 1:30am, so that time does not exist");
    let repeated = [("on-day", "31"), ("on-month", "10"), ("on-year", "2027"), ("start", "1:30am")];
    let page = story.check(&story.form(&repeated)).await.expect(422);
    page.says("the clocks go back and 1:30am comes twice. Select which you mean");
    let second = story.form(&[repeated.as_slice(), &[("which", "second")]].concat());
    story.check(&second).await.expect(200).says("11 hours 10 minutes");
    let first = story.form(&[repeated.as_slice(), &[("which", "first")]].concat());
    story.check(&first).await.expect(200).says("12 hours 10 minutes");
}

#[tokio::test]
async fn another_practices_session_looks_like_none_and_so_does_another_banks() {
    let mut story = Story::begin().await;
    let other = story.seed.practice("J81002", "Harbour Practice").await;
    let foreign = story.seed.session(other, "gp", "2026-11-10", "09:00", "13:00").await;
    let mut elsewhere = Seed::bank(&story.world, "Another bank").await;
    let away = elsewhere.practice("K81001", "Hill Practice").await;
    let away = elsewhere.session(away, "gp", "2026-11-10", "09:00", "13:00").await;
    let none = story.visitor.get("/sessions/01980000-0000-7000-8000-000000000000").await.expect(404);
    for session in [foreign, away] {
        for path in ["", "/change", "/withdraw"] {
            let page = story.visitor.get(&format!("/sessions/{session}{path}")).await.expect(404);
            assert_eq!(page.text(), none.text());
        }
        let reason = [("reason", "not_needed")];
        story.visitor.post(&format!("/sessions/{session}/withdraw"), &reason).await.expect(404);
    }
    story.visitor.get("/sessions?week=2026-11-10").await.expect(200).says("No sessions this week");
    assert_eq!(story.count("select count(*) from session where state = 'open'").await, 2);
}

#[tokio::test]
async fn what_a_session_pays_can_be_changed_inside_the_range() {
    let mut story = Story::begin().await;
    let session = story.seed.session(story.practice, "gp", "2026-11-10", "09:00", "13:00").await;
    let path = format!("/sessions/{session}/change");
    story.visitor.get(&path).await.expect(200).says("GP core hours: £70 to £100 an hour");
    let outside = [("rate-min", "80"), ("rate-max", "101"), ("notes", "")];
    story.visitor.post(&path, &outside).await.expect(422).says("The rate must lie inside the range");
    let inside = [("rate-min", "80"), ("rate-max", "100"), ("notes", "Ring the bell")];
    let changed = story.visitor.post(&path, &inside).await.expect(303);
    let page = story.visitor.get(&changed.location).await.expect(200);
    page.says("The session is changed").says("£80 to £100 an hour").says("Ring the bell");
    assert_eq!(story.count("select count(*) from audit_event where action = 'session.changed'").await, 1);
}

#[tokio::test]
async fn a_withdrawn_session_takes_its_offers_back_and_tells_their_clinicians() {
    let mut story = Story::begin().await;
    let administrator = story.seed.person(PersonKind::BankAdministrator, "Robin Administrator").await;
    let clinician = story.seed.clinician("gp", "Jo Clinician", &administrator).await;
    let session = story.seed.session(story.practice, "gp", "2026-11-10", "09:00", "13:00").await;
    let desk = locumbank::work::booking::desk::Desk::of(&story.world.app);
    let offer = locumbank::work::booking::offer::OfferToMake {
        session,
        clinician: clinician.id,
        rate_pence_per_hour: 8000,
        pay_pence: 32_000,
        road_metres: 0,
        plan: None,
    };
    let (bank, by) = (story.seed.bank, administrator.account);
    let mut tx = story.world.app.db.begin(on_behalf_of(bank, by)).await.unwrap();
    locumbank::work::booking::actions::publish::insert_offers(&mut tx, &desk, &[offer]).await.unwrap();
    tx.commit().await.unwrap();
    story.world.work().await;

    let week = story.visitor.get("/sessions?week=2026-11-10").await.expect(200);
    week.says("Offered");
    let path = format!("/sessions/{session}/withdraw");
    story.visitor.get(&path).await.expect(200).says("1 offer that waits for an answer is taken back.");
    story.visitor.post(&path, &[("reason", " ")]).await.expect(422).says("Select a reason");
    let done = story.visitor.post(&path, &[("reason", "own_cover")]).await.expect(303);
    story
        .visitor
        .get(&done.location)
        .await
        .expect(200)
        .says("Withdrawn")
        .says("The practice covers the session itself");
    story.visitor.post(&path, &[("reason", "own_cover")]).await.expect(303);
    story.world.work().await;
    let subjects: Vec<String> =
        story.world.inbox.of(&clinician.person.email).iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects.len(), 2, "the offer, and that it is no longer needed: {subjects:?}");
    assert_eq!(story.count("select count(*) from offer where state = 'withdrawn'").await, 1);
    assert_eq!(story.count("select count(*) from audit_event where action = 'session.withdrawn'").await, 1);
}

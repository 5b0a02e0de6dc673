//! At 6am a clinician hears of the open sessions that fit them, and of nothing else.

use chrono::{DateTime, Utc};
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::World;
use crate::support::desk::{link_of, offer, rounds};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, seed, administrator, practice, ann } = Opening::begin().await;
        Self { world, seed, administrator, practice, ann }
    }

    async fn session(&mut self, role: &str, date: &str, start: &str, end: &str) -> SessionId {
        self.seed.session(self.practice, role, date, start, end).await
    }

    fn set_clock(&self, instant: &str) {
        let instant: DateTime<Utc> = instant.parse().expect("an instant");
        self.world.app.clock.advance(instant - self.world.app.clock.now());
    }

    async fn write(&self) {
        let app = &self.world.app;
        locumbank::letters::digest::jobs::write_digests(app, serde_json::Value::Null)
            .await
            .expect("they are written");
    }

    async fn waiting(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from mail where kind = 'digest'")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }

    fn daily(&self) -> Vec<String> {
        self.world
            .inbox
            .of(&self.ann.person.email)
            .iter()
            .map(super::support::inbox::Received::text)
            .collect()
    }
}

#[tokio::test]
async fn it_tells_of_what_could_be_given_and_of_nothing_else() {
    let mut story = Story::begin().await;
    story.session("gp", "2026-11-05", "08:30", "12:40").await;
    story.session("practice_nurse", "2026-11-06", "08:30", "12:40").await;
    story.session("gp", "2026-11-07", "02:00", "06:00").await;
    let held = story.session("gp", "2026-11-09", "08:30", "12:40").await;
    let booked = story.session("gp", "2026-11-10", "08:30", "12:40").await;
    story.session("gp", "2026-11-10", "12:00", "16:00").await;
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator).await;
    story.set_clock("2026-11-03T05:30:00Z");
    let by = story.administrator.account;
    offer(&story.world, story.seed.bank, by, held, bea.id).await;
    let own = offer(&story.world, story.seed.bank, by, booked, story.ann.id).await;
    let link = link_of(&story.world, own);
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.world.work().await;
    let before = story.daily().len();
    story.set_clock("2026-11-03T06:00:00Z");
    story.world.work().await;
    let mails = story.daily();
    assert_eq!(mails.len(), before + 1);
    let text = mails.last().expect("a mail");
    assert!(text.contains("Thu 5 Nov, 8:30am to 12:40pm, Orchid House Surgery"), "{text}");
    assert!(text.contains("£80 an hour, £333.33 in all"), "{text}");
    for (day, why) in [
        ("Fri 6 Nov", "another role"),
        ("Sat 7 Nov", "at night she is not available"),
        ("Mon 9 Nov", "it is on offer to somebody else"),
        ("Tue 10 Nov", "she is booked at that time"),
    ] {
        assert!(!text.contains(day), "{why}: {text}");
    }
    story.world.work().await;
    story.write().await;
    story.world.work().await;
    assert_eq!(story.daily().len(), mails.len(), "one a day");
    story.world.stop().await;
}

#[tokio::test]
async fn what_is_filled_before_it_leaves_is_left_out_and_nothing_is_sent_of_nothing() {
    let mut story = Story::begin().await;
    let first = story.session("gp", "2026-11-05", "08:30", "12:40").await;
    let second = story.session("gp", "2026-11-06", "08:30", "12:40").await;
    let withdraw =
        "update session set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x' where id = $1";
    story.set_clock("2026-11-03T06:00:00Z");
    story.write().await;
    assert_eq!(story.waiting().await, 1);
    sqlx::query(withdraw).bind(first).execute(story.seed.connection()).await.expect("it is withdrawn");
    story.world.work().await;
    let mails = story.daily();
    assert!(mails[0].contains("Fri 6 Nov") && !mails[0].contains("Thu 5 Nov"), "{}", mails[0]);

    let third = story.session("gp", "2026-11-09", "08:30", "12:40").await;
    story.set_clock("2026-11-04T06:00:00Z");
    story.write().await;
    assert_eq!(story.waiting().await, 2);
    sqlx::query(withdraw).bind(second).execute(story.seed.connection()).await.expect("it is withdrawn");
    sqlx::query(withdraw).bind(third).execute(story.seed.connection()).await.expect("it is withdrawn");
    story.world.work().await;
    assert_eq!(story.daily().len(), 1, "everything in the second is filled");
    story.set_clock("2026-11-05T06:00:00Z");
    story.write().await;
    assert_eq!(story.waiting().await, 2, "there is nothing to write on the third day");
    story.world.stop().await;
}

#[tokio::test]
async fn after_a_downtime_there_is_one_and_none_after_the_day_has_begun() {
    let mut story = Story::begin().await;
    for day in 20..=22 {
        story.session("gp", &format!("2026-11-{day}"), "08:30", "12:40").await;
    }
    story.set_clock("2026-11-06T08:30:00Z");
    story.world.work().await;
    assert_eq!(story.daily().len(), 1, "four mornings were missed, and this one is told");
    story.set_clock("2026-11-09T11:00:00Z");
    story.world.work().await;
    assert_eq!(story.daily().len(), 1, "the working day has begun");
    // The relay is away all day: what was written is not sent on the next.
    story.session("gp", "2026-11-23", "08:30", "12:40").await;
    story.set_clock("2026-11-10T06:00:00Z");
    story.write().await;
    assert_eq!(story.waiting().await, 2);
    story.set_clock("2026-11-11T00:00:00Z");
    story.world.work().await;
    assert_eq!(story.daily().len(), 1);
    // Ann has not read of it, so it is as new as it was.
    story.set_clock("2026-11-11T06:00:00Z");
    story.world.work().await;
    let mails = story.daily();
    assert_eq!(mails.len(), 2);
    assert!(mails[1].contains("Mon 23 Nov") && !mails[1].contains("Fri 20 Nov"), "{}", mails[1]);
    assert!(mails[1].contains("3 sessions that earlier emails told you of were still open"), "{}", mails[1]);
    story.world.stop().await;
}

#[tokio::test]
async fn a_session_is_told_once_and_counted_later() {
    let mut story = Story::begin().await;
    let first = story.session("gp", "2026-11-16", "08:30", "12:40").await;
    story.session("gp", "2026-11-17", "08:30", "12:40").await;
    story.set_clock("2026-11-03T06:00:00Z");
    story.world.work().await;
    assert!(story.daily()[0].contains("Mon 16 Nov") && story.daily()[0].contains("Tue 17 Nov"));
    assert!(!story.daily()[0].contains("earlier emails"), "there were none");
    for day in ["2026-11-04", "2026-11-05"] {
        story.set_clock(&format!("{day}T06:00:00Z"));
        story.world.work().await;
        assert_eq!(story.daily().len(), 1, "nothing is new on {day}, so nothing is written");
    }
    story.session("gp", "2026-11-18", "08:30", "12:40").await;
    story.set_clock("2026-11-06T06:00:00Z");
    story.world.work().await;
    let text = story.daily().remove(1);
    assert!(text.contains("Wed 18 Nov") && !text.contains("Mon 16 Nov"), "{text}");
    assert!(
        text.contains("2 sessions that earlier emails told you of were still open this morning"),
        "{text}"
    );

    // Somebody takes the first and gives it back: that is news again.
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator).await;
    let own = offer(&story.world, story.seed.bank, story.administrator.account, first, bea.id).await;
    let link = link_of(&story.world, own);
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.world.app.clock.advance(chrono::TimeDelta::hours(1));
    let booking: String = sqlx::query_scalar("select id::text from booking where state = 'live'")
        .fetch_one(story.seed.connection())
        .await
        .expect("the booking");
    let visitor = story.world.signed_in(&bea.person.email).await;
    visitor.post(&format!("/bookings/{booking}/cancel"), &[("reason", "not_free")]).await.expect(303);
    story.set_clock("2026-11-07T06:00:00Z");
    story.world.work().await;
    let text = story.daily().remove(2);
    assert!(text.contains("Mon 16 Nov") && !text.contains("Tue 17 Nov"), "{text}");
    let kept: i64 = sqlx::query_scalar("select count(*) from digest_told where account_id = $1")
        .bind(story.ann.person.account)
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(kept, 3);
    story.session("gp", "2026-11-27", "08:30", "12:40").await;
    story.set_clock("2026-11-18T12:00:00Z");
    story.set_clock("2026-11-19T06:00:00Z");
    story.world.work().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from digest_told where account_id = $1")
        .bind(story.ann.person.account)
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(kept, 1, "what has begun is forgotten");
    story.world.stop().await;
}

#[tokio::test]
async fn a_message_in_a_daily_email_that_never_left_is_told_in_the_next() {
    let mut story = Story::begin().await;
    let session = story.session("gp", "2026-11-20", "08:30", "12:40").await;
    offer(&story.world, story.seed.bank, story.administrator.account, session, story.ann.id).await;
    story.set_clock("2026-11-03T10:00:00Z");
    story.world.work().await;
    story.set_clock("2026-11-04T06:00:00Z");
    story.write().await;
    story.set_clock("2026-11-05T06:00:00Z");
    story
        .world
        .app
        .db
        .change(Actor::SERVICE, async |tx| {
            let now = DateTime::parse_from_rfc3339("2026-11-05T06:00:00Z").expect("an instant").to_utc();
            locumbank::ground::mail::store::sending::mark_stale_dropped(tx, Some(now)).await
        })
        .await
        .expect("the first is too late");
    story.world.work().await;
    let mails = story.daily();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("lapsed"), "{}", mails[0]);
    story.world.stop().await;
}

/// Thousands of people: the whole morning's work in one go. The figure is printed.
#[tokio::test]
async fn a_large_bank_is_written_to_in_reasonable_time() {
    let people = rounds(500, 5_000);
    let mut story = Story::begin().await;
    for day in 3..=14 {
        for (start, end) in [("08:30", "12:40"), ("14:00", "18:10")] {
            story.session("gp", &format!("2026-11-{day:02}"), start, end).await;
        }
    }
    for statement in COPIES {
        sqlx::query(statement)
            .bind(story.ann.id)
            .bind(i32::try_from(people).expect("a number"))
            .execute(story.seed.connection())
            .await
            .expect("people are added");
    }
    story.set_clock("2026-11-03T06:00:00Z");
    let began = std::time::Instant::now();
    story.write().await;
    let took = began.elapsed();
    println!("{people} daily emails were written in {} ms", took.as_millis());
    assert_eq!(story.waiting().await, i64::try_from(people + 1).expect("a number"));
    assert!(took.as_secs() < 60, "{took:?}");
    story.world.stop().await;
}

/// As many people as `$2` says, like the clinician `$1`.
const COPIES: [&str; 5] = [
    "insert into account (id, email, name, created_at)
     select gen_random_uuid(), 'copy' || n || '@people.test', 'Copy ' || n, c.created_at
       from clinician c, generate_series(1, $2) n where c.id = $1",
    "insert into membership (bank_id, id, account_id, kind, created_at)
     select c.bank_id, gen_random_uuid(), a.id, 'clinician', c.created_at
       from clinician c, account a where c.id = $1 and a.email like 'copy%' and $2 > 0",
    "insert into clinician (bank_id, id, account_id, membership_id, role, registration_number, home_postcode,
                            latitude_microdegrees, longitude_microdegrees, max_travel_metres, max_minutes_per_week,
                            max_minutes_per_day, rest_minutes, engagement, created_at, changed_at)
     select c.bank_id, gen_random_uuid(), m.account_id, m.id, c.role, c.registration_number, c.home_postcode,
            c.latitude_microdegrees, c.longitude_microdegrees, c.max_travel_metres, c.max_minutes_per_week,
            c.max_minutes_per_day, c.rest_minutes, c.engagement, c.created_at, c.changed_at
       from clinician c, membership m join account a on a.id = m.account_id
      where c.id = $1 and a.email like 'copy%' and $2 > 0",
    "insert into clinician_rate (bank_id, clinician_id, band, rate_pence_per_hour)
     select o.bank_id, o.id, r.band, r.rate_pence_per_hour
       from clinician_rate r, clinician o where r.clinician_id = $1 and o.id <> $1 and $2 > 0",
    "with times as (
        insert into availability_pattern (bank_id, id, clinician_id, weekday, start_time, end_time, from_date)
        select o.bank_id, gen_random_uuid(), o.id, p.weekday, p.start_time, p.end_time, p.from_date
          from availability_pattern p, clinician o where p.clinician_id = $1 and o.id <> $1 and $2 > 0)
     insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
     select o.bank_id, gen_random_uuid(), o.id, o.role, l.cleared_until, l.reason, l.decided_by, l.decided_at
       from clearance l, clinician o where l.clinician_id = $1 and o.id <> $1",
];

//! Between the offer and the answer something changes: each time the answer is refused in words, and nothing is
//! booked.

use chrono::TimeDelta;
use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let session = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
        Self { world, seed, administrator, practice, ann, session }
    }

    async fn link(&self) -> String {
        let by = self.administrator.account;
        let offered = offer(&self.world, self.seed.bank, by, self.session, self.ann.id).await;
        link_of(&self.world, offered)
    }

    async fn run(&mut self, statement: &'static str) {
        let query = sqlx::query(statement).bind(self.seed.bank).bind(self.session).bind(self.ann.id);
        query.execute(self.seed.connection()).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// Accepting is refused with these words, and leaves nothing behind.
    async fn expect_refusal(mut self, link: &str, sentence: &str, next_step: &str) {
        let page = self.world.visitor().post_without_token(link, &[("answer", "accept")]).await.expect(409);
        page.says(sentence).says(next_step);
        let (bookings, confirmations): (i64, i64) = sqlx::query_as(
            "select (select count(*) from booking where state = 'live' and session_id = $1),
                    (select count(*) from mail where booking_id in (select id from booking where session_id = $1))",
        )
        .bind(self.session)
        .fetch_one(self.seed.connection())
        .await
        .expect("counts");
        assert_eq!((bookings, confirmations), (0, 0));
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn a_session_that_was_withdrawn_is_not_booked() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    story
        .run(
            "update session set state = 'withdrawn', withdrawn_at = posted_at, withdrawn_reason = 'Closed'
              where bank_id = $1 and id = $2 and $3::uuid is not null",
        )
        .await;
    let page = story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    page.says("The practice no longer needs this session").says("Nothing needs to be done");
}

#[tokio::test]
async fn a_clearance_that_ended_stops_the_booking() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    let (ann, by) = (story.ann.clone(), story.administrator.clone());
    story.seed.cleared_until(&ann, "2026-11-02", &by).await;
    story
        .expect_refusal(
            &link,
            "The clearance ends on 2 November 2026, before this session does",
            "renew the clearance",
        )
        .await;
}

#[tokio::test]
async fn a_document_that_ended_stops_the_booking() {
    let mut story = Story::begin().await;
    story
        .run(
            "insert into session_competency (bank_id, session_id, competency)
             select $1, $2, 'basic_life_support' where $3::uuid is not null",
        )
        .await;
    let ann = story.ann.clone();
    story.seed.competency(&ann, "basic_life_support", Some("2026-11-01")).await;
    let link = story.link().await;
    story
        .expect_refusal(
            &link,
            "Basic life support ended on 1 November 2026",
            "Send the new basic life support to the bank administrator",
        )
        .await;
}

#[tokio::test]
async fn a_range_lowered_below_the_offer_stops_the_booking() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    story.seed.rate_range("gp", "core", "2026-11-03", 7_000, 8_700).await;
    story
        .expect_refusal(
            &link,
            "£88 an hour is outside what this session may pay now: £75 to £87 an hour",
            "offered again at a rate inside the range",
        )
        .await;
}

#[tokio::test]
async fn a_practice_that_does_not_take_the_clinician_is_heard_and_not_named() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    sqlx::query(
        "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
         values ($1, $2, $3, 'Known to the practice', '2026-11-02T09:00:00Z')",
    )
    .bind(story.seed.bank)
    .bind(story.practice)
    .bind(story.ann.id)
    .execute(story.seed.connection())
    .await
    .expect("a refusal");
    story.expect_refusal(&link, "This booking can't be made", "Ask the bank administrator").await;
}

#[tokio::test]
async fn a_session_of_another_role_is_not_booked() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    story
        .run(
            "update session_role set role = 'practice_nurse'
              where bank_id = $1 and session_id = $2 and $3::uuid is not null",
        )
        .await;
    story.expect_refusal(&link, "This session is not for a GP", "Ask the bank administrator").await;
}

#[tokio::test]
async fn a_person_who_is_booked_elsewhere_in_another_bank_is_not_booked_twice() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    let mut other = Seed::bank(&story.world, "Other bank").await;
    let practice = other.practice("J81099", "Fern Lane Surgery").await;
    other.practice_manager("Fay Example", &[practice]).await;
    let twin = other.clinician("gp", "Ann Example", &story.administrator).await;
    let session = other.session(practice, "gp", "2026-11-03", "12:00", "13:00").await;
    for statement in [
        "update membership set account_id = $1 where id = $2",
        "update clinician set account_id = $1 where membership_id = $2",
    ] {
        // A person has one account: the twin is Ann, in another bank. Both rows move together.
        sqlx::query("set session_replication_role = replica")
            .execute(other.connection())
            .await
            .expect("a switch");
        sqlx::query(statement)
            .bind(story.ann.person.account)
            .bind(twin.person.membership)
            .execute(other.connection())
            .await
            .expect("one person in two banks");
    }
    sqlx::query("set session_replication_role = origin").execute(other.connection()).await.expect("a switch");
    let offered = offer(&story.world, other.bank, story.administrator.account, session, twin.id).await;
    let booked = story
        .world
        .visitor()
        .post_without_token(&link_of(&story.world, offered), &[("answer", "accept")])
        .await;
    booked.expect(303);
    let page = story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    page.says("This offer was withdrawn").says("You are booked for another session at that time.");
    assert_sound(story.seed.connection()).await;
}

#[tokio::test]
async fn an_answer_after_the_session_began_is_too_late() {
    let story = Story::begin().await;
    let link = story.link().await;
    story.world.app.clock.advance(TimeDelta::hours(24));
    story.expect_refusal(&link, "The time to answer this offer ended", "New offers are sent by email").await;
}

#[tokio::test]
async fn a_practice_that_opens_later_stops_the_booking_and_so_does_the_database() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    let opens = "update practice set opened_on = $4::date
                  where bank_id = $1 and $3::uuid is not null
                    and id = (select practice_id from session where id = $2)";
    let on = |date: &'static str| {
        sqlx::query(opens).bind(story.seed.bank).bind(story.session).bind(story.ann.id).bind(date)
    };
    let (early, late) = (on("2026-11-03"), on("2026-11-04"));
    early.execute(story.seed.connection()).await.expect("open on the day");
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    late.execute(story.seed.connection()).await.expect("open on the day after");
    // What was booked stands, and the same is not booked anew by whatever statement.
    for statement in [
        "update booking set state = 'cancelled', cancelled_at = made_at, cancelled_side = 'bank', cancel_reason = 'Test'",
        "create temporary table again as select * from booking",
        "alter table again drop column during",
        "update again set id = gen_random_uuid(), offer_id = null, state = 'live', cancelled_at = null,
                cancelled_side = null, cancel_reason = null",
    ] {
        sqlx::query(statement).execute(story.seed.connection()).await.expect(statement);
    }
    let columns: String = sqlx::query_scalar(
        "select string_agg(attname::text, ', ') from pg_attribute
          where attrelid = 'again'::regclass and attnum > 0 and not attisdropped",
    )
    .fetch_one(story.seed.connection())
    .await
    .expect("the columns");
    let again = format!("insert into booking ({columns}) select {columns} from again");
    let refused = sqlx::query(sqlx::AssertSqlSafe(again)).execute(story.seed.connection()).await;
    let refused = refused.expect_err("the database takes no such booking");
    let constraint = refused.as_database_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("booking_practice_is_open"), "{refused}");
    story.world.stop().await;
}

#[tokio::test]
async fn an_offer_at_a_practice_that_opens_later_is_refused_in_words() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    story
        .run(
            "update practice set opened_on = '2026-11-04'
              where bank_id = $1 and $3::uuid is not null
                and id = (select practice_id from session where id = $2)",
        )
        .await;
    let sentence = "The practice opens on 4 November 2026, after this session";
    story.expect_refusal(&link, sentence, "New offers are sent by email").await;
}

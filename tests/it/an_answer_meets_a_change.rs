//! An acceptance and a change arrive at the same moment. One of them comes first, and what must hold holds either
//! way.

use chrono::NaiveDate;
use locumbank::ground::id::{ClearanceId, OfferId, PracticeId, RateRangeId, SessionId};
use locumbank::work::booking::Desk;
use locumbank::work::booking::actions::call_off::{Seen, call_off};
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::store::lock::lock_sessions;

use crate::support::desk::{assert_sound, link_of, offer, rounds};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{World, on_behalf_of};

/// Each round has a day of its own, so that one booking is in no other's way; then a new story begins.
const DAYS: usize = 60;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, practice, ann }
    }

    /// The session and the offer of a round; once a session is offered on each day, in another service.
    async fn of_round(&mut self, round: usize) -> (SessionId, OfferId) {
        if round > 0 && round.is_multiple_of(DAYS) {
            *self = Self::begin().await;
        }
        self.offered(round % DAYS).await
    }

    /// A session on a day of its own, offered to Ann.
    async fn offered(&mut self, round: usize) -> (SessionId, OfferId) {
        let first: NaiveDate = "2026-11-04".parse().expect("a date");
        let date = (first + chrono::TimeDelta::days(i64::try_from(round).expect("a day"))).to_string();
        let session = self.seed.session(self.practice, "gp", &date, "08:30", "12:40").await;
        let by = self.administrator.account;
        (session, offer(&self.world, self.seed.bank, by, session, self.ann.id).await)
    }

    async fn accept(&self, offer: OfferId) -> u16 {
        let visitor = self.world.visitor();
        visitor
            .post_without_token(&link_of(&self.world, offer), &[("answer", "accept")])
            .await
            .status
            .as_u16()
    }

    async fn live_bookings(&mut self, session: SessionId) -> i64 {
        sqlx::query_scalar("select count(*) from booking where session_id = $1 and state = 'live'")
            .bind(session)
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_meets_declining_by_the_second_link() {
    let mut story = Story::begin().await;
    for round in 0..rounds(20, 5_000) {
        let (session, offer) = story.of_round(round).await;
        let link = link_of(&story.world, offer);
        let visitor = story.world.visitor();
        let decline = [("answer", "decline")];
        let declining = visitor.post_without_token(&link, &decline);
        let (accepted, declined) = tokio::join!(story.accept(offer), declining);
        let live = story.live_bookings(session).await;
        match (accepted, declined.status.as_u16(), live) {
            (303, 409, 1) | (409, 303, 0) => {}
            other => panic!("round {round}: {other:?}"),
        }
        assert_sound(story.seed.connection()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_meets_the_practice_withdrawing_the_session() {
    let mut story = Story::begin().await;
    for round in 0..rounds(20, 5_000) {
        let (session, offer) = story.of_round(round).await;
        let (app, bank, by) = (story.world.app.clone(), story.seed.bank, story.administrator.account);
        let (desk, now) = (Desk::of(&app), app.clock.now());
        let withdrawing = app.db.change(on_behalf_of(bank, by), async |tx| {
lock_sessions(tx, &[session]).await?;
                sqlx::query(
                    "update session set state = 'withdrawn', withdrawn_at = $2, withdrawn_reason = 'Closed' where id = $1",
                )
                .bind(session)
                .bind(now)
                .execute(tx.connection())
                .await
                .map_err(locumbank::ground::db::failed("withdrawing a session"))?;
                let seen = Seen { fee_pence: 0, booked: None };
                let done = call_off(tx, &desk, &[session], ("Closed", seen)).await?;
                Ok::<_, DeskError>((done.bookings, done.offers)) });
        let (accepted, withdrawn) = tokio::join!(story.accept(offer), withdrawing);
        match (accepted, withdrawn.expect("the session is withdrawn")) {
            (303, (1, 0)) | (409, (0, 1)) => {}
            other => panic!("round {round}: {other:?}"),
        }
        assert_eq!(story.live_bookings(session).await, 0);
        assert_sound(story.seed.connection()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_meets_a_clearance_that_ends() {
    let mut story = Story::begin().await;
    for round in 0..rounds(20, 5_000) {
        let (session, offer) = story.of_round(round).await;
        let mut beside = story.world.connection().await;
        let (bank, ann, by) = (story.seed.bank, story.ann.id, story.administrator.account);
        let ending = async move {
            sqlx::query(
                "insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
                 values ($1, $2, $3, 'gp', '2026-11-02', 'Registration lapsed', $4, '2026-11-02T09:00:00Z')",
            )
            .bind(bank)
            .bind(ClearanceId::new())
            .bind(ann)
            .bind(by)
            .execute(&mut beside)
            .await
        };
        let (accepted, ended) = tokio::join!(story.accept(offer), ending);
        match (accepted, ended.is_ok(), story.live_bookings(session).await) {
            (303, false, 1) | (409, true, 0) => {}
            other => panic!("round {round}: {other:?}"),
        }
        assert_sound(story.seed.connection()).await;
        let (ann, by) = (story.ann.clone(), story.administrator.clone());
        story.seed.cleared_until(&ann, "2028-11-02", &by).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_meets_a_range_that_is_lowered() {
    let mut story = Story::begin().await;
    for round in 0..rounds(20, 5_000) {
        let (session, offer) = story.of_round(round).await;
        let mut beside = story.world.connection().await;
        let bank = story.seed.bank;
        let lowering = async move {
            sqlx::query(
                "insert into rate_range (bank_id, id, role, band, valid_from, floor_pence_per_hour,
                                         ceiling_pence_per_hour, published_at)
                 values ($1, $2, 'gp', 'core', '2026-01-01', 7000, 8700, '2026-11-02T09:00:00Z')",
            )
            .bind(bank)
            .bind(RateRangeId::new())
            .execute(&mut beside)
            .await
            .expect("the range is lowered");
        };
        let (accepted, ()) = tokio::join!(story.accept(offer), lowering);
        match (accepted, story.live_bookings(session).await) {
            (303, 1) | (409, 0) => {}
            other => panic!("round {round}: {other:?}"),
        }
        assert_sound(story.seed.connection()).await;
        story.seed.rate_range("gp", "core", "2026-01-01", 7_000, 10_000).await;
    }
}

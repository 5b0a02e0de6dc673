//! What a round decides no plan offers, and what a round gave somebody and came back goes to the next in turn.

use chrono::TimeDelta;
use locumbank::ground::id::{RequestId, SessionId};

use crate::support::World;
use crate::support::desk::assert_sound;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Clinician,
    bea: Clinician,
    session: SessionId,
}

/// Rounds last a week and close at midday; sessions in them start two weeks after at the earliest.
const RULE: [(&str, &str); 7] = [
    ("days", "7"),
    ("close_hour", "12"),
    ("ahead_days", "14"),
    ("confirm_hours", "48"),
    ("ledger_weeks", "12"),
    ("why", "Nobody should have to be the fastest"),
    ("version", "0"),
];

impl Story {
    /// Monday 2 November 2026, 1pm: the first round is open until Monday 9 November, midday, and decides about Tuesday 24
    /// November. Ann and Bea ask for it.
    async fn begin() -> (Self, [RequestId; 2]) {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let bea = seed.clinician("gp", "Bea Example", &administrator).await;
        let session = seed.session(practice, "gp", "2026-11-24", "08:30", "12:40").await;
        let mut story = Self { world, seed, administrator, manager, ann, bea, session };
        let desk = story.world.signed_in(&story.administrator.email).await;
        desk.post("/bank/rounds", &RULE).await.expect(303);
        story.later(TimeDelta::minutes(1)).await;
        story.later(TimeDelta::hours(4)).await;
        let asked = [story.asks(&story.ann.clone()).await, story.asks(&story.bea.clone()).await];
        (story, asked)
    }

    async fn later(&mut self, by: TimeDelta) {
        self.world.app.clock.advance(by);
        self.world.work().await;
    }

    async fn asks(&mut self, who: &Clinician) -> RequestId {
        let path = format!("/find-sessions/{}", self.session);
        self.world.signed_in(&who.person.email).await.post(&path, &[("note", "")]).await.expect(303);
        sqlx::query_scalar("select id from request where clinician_id = $1")
            .bind(who.id)
            .fetch_one(self.seed.connection())
            .await
            .expect("a request")
    }

    async fn state_of(&mut self, request: RequestId) -> String {
        sqlx::query_scalar("select state from request where id = $1")
            .bind(request)
            .fetch_one(self.seed.connection())
            .await
            .expect("the request")
    }

    /// What a plan of the session's day says.
    async fn plan_says(&self, words: &str) {
        let desk = self.world.signed_in(&self.administrator.email).await;
        let plan = desk.ask_for_plan("2026-11-24", "2026-11-24").await;
        self.world.work().await;
        desk.get(&plan).await.expect(200).says(words);
    }

    /// Whose request the round proposes, and the other.
    async fn decided(&mut self, [one, other]: [RequestId; 2]) -> (RequestId, RequestId) {
        self.later(TimeDelta::days(7)).await;
        if self.state_of(one).await == "proposed" { (one, other) } else { (other, one) }
    }
}

#[tokio::test]
async fn a_plan_offers_nothing_that_a_round_decides_or_proposes_somebody_for() {
    let (mut story, asked) = Story::begin().await;
    story.plan_says("1 session of these dates is left to a round").await;
    story.plan_says("those left to a round are not planned").await;
    let (proposed, _) = story.decided(asked).await;
    story.plan_says("0 of 0 places").await;
    // The practice does not confirm, and the round is over: now a plan can offer it.
    story.later(TimeDelta::hours(48)).await;
    assert_eq!(story.state_of(proposed).await, "ended");
    story.plan_says("1 of 1 places").await;
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn what_a_practice_declines_goes_to_the_next_in_turn_who_can_do_it() {
    let (mut story, asked) = Story::begin().await;
    let (proposed, next) = story.decided(asked).await;
    assert_eq!(story.state_of(next).await, "not_given");
    let manager = story.world.signed_in(&story.manager.email).await;
    let no = [("answer", "decline"), ("reason", "other_experience")];
    manager.post(&format!("/requests/{proposed}"), &no).await.expect(303);
    story.later(TimeDelta::minutes(1)).await;
    assert_eq!(story.state_of(next).await, "proposed");
    let whose = if next == asked[0] { &story.ann } else { &story.bea };
    let told = story.world.inbox.last_of(&whose.person.email);
    assert!(told.header("Subject").contains("a session came back and is proposed for you"));
    assert!(told.text().contains("You are not booked yet"), "{}", told.text());
    let asked_again = story.world.inbox.last_of(&story.manager.email);
    assert!(asked_again.text().contains("proposes the next in turn"), "{}", asked_again.text());
    story.plan_says("0 of 0 places").await;
    manager.post("/requests/confirm", &[("request", &next.to_string())]).await.expect(303);
    assert_eq!(story.state_of(next).await, "accepted");
    // Whom it was declined to is not asked a second time.
    story.later(TimeDelta::minutes(1)).await;
    assert_eq!(story.state_of(proposed).await, "declined");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn what_comes_back_too_late_to_be_confirmed_is_left_to_plans() {
    let (mut story, asked) = Story::begin().await;
    let (proposed, next) = story.decided(asked).await;
    story.later(TimeDelta::hours(45)).await;
    let whose = if proposed == asked[0] { &story.ann } else { &story.bea };
    let visitor = story.world.signed_in(&whose.person.email).await;
    visitor.post(&format!("/my-requests/{proposed}/withdraw"), &[]).await.expect(303);
    story.later(TimeDelta::minutes(1)).await;
    assert_eq!(story.state_of(next).await, "not_given");
    story.plan_says("1 of 1 places").await;
    story.world.stop().await;
}

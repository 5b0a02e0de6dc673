//! An administrator asks for a plan, looks at it, and publishes it; what moved in between is refused by name.

use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;

use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    visitor: Visitor,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    /// Orchid House wants a GP on Tuesday 10 November, and Ann is the only one there is.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let visitor = world.signed_in(&administrator.email).await;
        Self { world, seed, administrator, visitor, practice, ann, session }
    }

    /// The address of a plan that is ready.
    async fn planned(&self) -> String {
        let plan = self.visitor.ask_for_plan("2026-11-10", "2026-11-10").await;
        self.visitor.get(&plan).await.expect(200).says("Matching is under way");
        self.world.work().await;
        plan
    }

    async fn publish(&self, plan: &str) -> crate::support::visitor::Page {
        self.visitor.post(&format!("{plan}/publish"), &[]).await
    }

    async fn offers(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from offer")
            .fetch_one(self.seed.connection())
            .await
            .expect("the offers")
    }

    /// Nothing is offered, and the page says why.
    async fn refused(mut self, plan: &str, why: &str) {
        let page = self.publish(plan).await.expect(409);
        page.says("Nothing was offered: 1 pair has moved");
        page.says(&format!("Ann Example, Orchid House Surgery, Tue 10 Nov, 8:30am: {why}."));
        assert_eq!(self.offers().await, 0);
        self.world.work().await;
        assert!(self.world.inbox.of(&self.ann.person.email).is_empty(), "a mail left");
        // The dates can be planned again.
        self.visitor.get(plan).await.expect(200).says("Ready to publish");
        self.world.stop().await;
    }
}

#[tokio::test]
async fn a_plan_is_looked_at_and_published_once() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    let page = story.visitor.get(&plan).await.expect(200);
    page.says("1 of 1 places").says("The best possible").says("Ann Example").says("£80 an hour");
    page.says("The only one who can").says("No plan fills more").says("1 pair to offer");
    assert_eq!(story.offers().await, 0, "nobody is told before a person publishes");
    story.visitor.get(&format!("{plan}/publish")).await.expect(200).says("1 session will be offered");
    story.publish(&plan).await.expect(303);
    assert_eq!(story.offers().await, 1);
    story.world.work().await;
    assert_eq!(story.world.inbox.of(&story.ann.person.email).len(), 1);
    let twice = story.publish(&plan).await.expect(409);
    twice.says("published already").says("See how it stands now");
    assert_eq!(twice.address("/matching/"), plan);
    assert_eq!(story.offers().await, 1);
    story.visitor.get(&plan).await.expect(200).says("Published").says("Offered");
    story.world.stop().await;
}

#[tokio::test]
async fn two_administrators_publish_one_plan_and_one_of_them_wins() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    let (first, second) = tokio::join!(story.publish(&plan), story.publish(&plan));
    let mut answers = [first.status.as_u16(), second.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    assert_eq!(story.offers().await, 1);
    story.world.stop().await;
}

#[tokio::test]
async fn a_pair_that_is_left_out_is_not_offered_and_stays_left_out_until_that_is_taken_back() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    let pair = format!("{}.{}", story.session, story.ann.id);
    let form = story.visitor.get(&format!("{plan}/leave-out?pair={pair}")).await.expect(200);
    form.says("Leave Ann Example out?").says("Orchid House Surgery, Tue 10 Nov, 8:30am");
    let why = story.visitor.post(&format!("{plan}/leave-out"), &[("pair", &pair)]).await.expect(422);
    why.says("Select why you leave them out");
    let reason = [("pair", pair.as_str()), ("reason", "practice_wish")];
    story.visitor.post(&format!("{plan}/leave-out"), &reason).await.expect(303);
    let page = story.visitor.get(&plan).await.expect(200);
    page.says("no pairs to offer, 1 left out").says("The practice wants somebody else.");
    let publish = story.visitor.get(&format!("{plan}/publish")).await.expect(200);
    publish.says("There is nothing new to offer").says("1 pair you left out will not be offered");
    // Whatever becomes of this plan, the next one leaves her out too.
    story.visitor.post(&format!("{plan}/discard"), &[]).await.expect(303);
    let next = story.planned().await;
    let page = story.visitor.get(&next).await.expect(200);
    page.says("0 of 1 places")
        .says("Left out before")
        .says("The practice wants somebody else. Left out by Abi");
    let back = [("pair", pair.as_str()), ("day", "2026-11-10")];
    story.visitor.post(&format!("{next}/take-in"), &back).await.expect(303);
    story.visitor.post(&format!("{next}/take-in"), &back).await.expect(404);
    story.publish(&next).await.expect(303);
    assert_eq!(story.offers().await, 0);
    let last = story.planned().await;
    story.visitor.get(&last).await.expect(200).says("1 of 1 places").does_not_say("Left out before");
    story.world.stop().await;
}

#[tokio::test]
async fn what_has_not_moved_is_published_by_whoever_read_what_has_and_who_does_not_answer_is_reminded_once() {
    let mut story = Story::begin().await;
    let practice = story.practice;
    let other = story.seed.session(practice, "gp", "2026-11-10", "13:30", "17:40").await;
    let plan = story.planned().await;
    story.visitor.get(&format!("{plan}/publish")).await.expect(200).says("2 sessions will be offered now");
    sqlx::query("update session set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'Closed' where id = $1")
        .bind(other)
        .execute(story.seed.connection())
        .await
        .expect("a withdrawn session");
    // The page was read before: nothing is offered that nobody has seen.
    let page = story.publish(&plan).await.expect(409);
    page.says("Nothing was offered: 1 pair has moved").says("Publish without them: offer 1 session");
    assert_eq!(story.offers().await, 0);
    let page = story.visitor.get(&format!("{plan}/publish")).await.expect(200);
    page.says("1 pair has moved since the plan was made").says("1 session will be offered now");
    assert_eq!(page.address("/unfilled-sessions/"), format!("/unfilled-sessions/{other}"));
    let seen = page.hidden("seen");
    let done = story.visitor.post(&format!("{plan}/publish"), &[("seen", &seen)]).await.expect(303);
    story.visitor.get(&done.location).await.expect(200).says("1 pair that had moved is not offered");
    assert_eq!(story.offers().await, 1);
    story.world.work().await;

    let page = story.visitor.get(&plan).await.expect(200);
    page.says("not answered yet").says("Ann Example Offers 1 offer").says("Remind 1 person now");
    let chased = story.visitor.post(&format!("{plan}/chase"), &[]).await.expect(303);
    story.visitor.get(&chased.location).await.expect(200).says("1 person is reminded by email");
    let again = story.visitor.post(&format!("{plan}/chase"), &[]).await.expect(303);
    story.visitor.get(&again.location).await.expect(200).says("Nobody was reminded");
    // Nor does the reminder come that would have come by itself.
    story.world.work().await;
    story.world.app.clock.advance(chrono::TimeDelta::hours(21));
    story.world.work().await;
    let told = story.world.inbox.of(&story.ann.person.email);
    let subjects: Vec<String> = told.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects.iter().filter(|subject| subject.starts_with("Answer by")).count(), 1, "{subjects:?}");
    story.world.stop().await;
}

#[tokio::test]
async fn a_clearance_that_ended_since_is_refused() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    let by = story.administrator.clone();
    let ann = story.ann.clone();
    story.seed.cleared_until(&ann, "2026-11-09", &by).await;
    story.refused(&plan, "they are no longer cleared for that date").await;
}

#[tokio::test]
async fn a_rate_range_that_changed_since_is_refused() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    story.seed.rate_range("gp", "core", "2026-11-10", 8_200, 10_000).await;
    let why = "what the session may pay changed from £75 to £95 an hour to £82 to £95 an hour";
    story.refused(&plan, why).await;
}

#[tokio::test]
async fn a_rate_the_clinician_changed_since_is_refused() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    let ann = story.ann.clone();
    story.seed.rate(&ann, "core", 8_500).await;
    story.refused(&plan, "they ask another rate now").await;
}

#[tokio::test]
async fn a_session_withdrawn_since_is_refused() {
    let mut story = Story::begin().await;
    let plan = story.planned().await;
    sqlx::query("update session set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'Closed' where id = $1")
        .bind(story.session)
        .execute(story.seed.connection())
        .await
        .expect("a withdrawn session");
    story.refused(&plan, "the session was withdrawn, or starts too soon to be offered").await;
}

#[tokio::test]
async fn a_booking_made_since_is_refused() {
    let mut story = Story::begin().await;
    let (first, second) = (story.planned().await, story.planned().await);
    story.publish(&first).await.expect(303);
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email).text();
    let link = mail.split_whitespace().find(|word| word.contains("/offer-link/")).expect("a link");
    let link = link.strip_prefix(&story.world.base_url).expect("a link to this service").to_owned();
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    let page = story.publish(&second).await.expect(409);
    page.says("somebody has been booked for it since");
    assert_eq!(story.offers().await, 1);
    story.world.stop().await;
}

#[tokio::test]
async fn an_empty_session_says_why_and_so_does_the_commissioners_list() {
    let mut story = Story::begin().await;
    let practice = story.practice;
    story.seed.session(practice, "practice_nurse", "2026-11-10", "09:00", "12:00").await;
    let plan = story.planned().await;
    let page = story.visitor.get(&plan).await.expect(200);
    page.says("1 of 2 places").says("Nobody in the bank can do it");
    let commissioner = story.seed.person(PersonKind::Commissioner, "Cas Example").await;
    let visitor = story.world.signed_in(&commissioner.email).await;
    let page = visitor.get("/unfilled-sessions?role=practice_nurse").await.expect(200);
    page.says("1 session has a place").says("Nobody in the bank can do it");
    story.world.stop().await;
}

#[tokio::test]
async fn a_plan_answers_who_would_be_next_what_it_costs_and_what_would_fill_the_rest() {
    let mut story = Story::begin().await;
    let (practice, by) = (story.practice, story.administrator.clone());
    let bea = story.seed.clinician("gp", "Bea Example", &by).await;
    story.seed.rate(&bea, "core", 8_400).await;
    // Nobody is free after 10pm.
    let late = story.seed.session(practice, "gp", "2026-11-10", "20:00", "23:00").await;
    let plan = story.planned().await;
    let page = story.visitor.get(&plan).await.expect(200);
    page.says("Next: Bea Example, £16.67 more, as far.");
    page.says("£333.33 in all: 33% of the way from what the floors of the rate ranges come to, £291.67");
    page.says("One person has 1 session. 1 of those who offer time on these dates has none");
    page.says("What would fill it, the cheapest first").says("Ask Ann Example to be free for all of it");
    let ask = page.address(&format!("/unfilled-sessions/{late}/book?clinician="));
    story.visitor.get(&ask).await.expect(200).says("Ask them about this");
    assert_eq!(page.address("/clinicians/"), format!("/clinicians/{}/rota", story.ann.id));
    story.world.stop().await;
}

#[tokio::test]
async fn another_banks_plan_looks_like_none() {
    let story = Story::begin().await;
    let plan = story.planned().await;
    let mut other = Seed::bank(&story.world, "Other bank").await;
    let stranger = other.person(PersonKind::BankAdministrator, "Stray Example").await;
    let visitor = story.world.signed_in(&stranger.email).await;
    for address in [plan.clone(), format!("{plan}/publish"), format!("{plan}/problem.json")] {
        visitor.get(&address).await.expect(404);
    }
    visitor.post(&format!("{plan}/publish"), &[]).await.expect(404);
    story.world.stop().await;
}

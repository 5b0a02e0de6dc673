//! Work until midnight, nights, and the rest after them: what the desk, the pages and the database say of each.

use chrono::{DateTime, Utc};
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::work::booking::store::restless::{Restless, list_restless};
use matching_model::format::{problem_from_slice, read_plan};
use sqlx::error::DatabaseError;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;

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

    async fn works_as(&mut self, engagement: &str) {
        sqlx::query("update clinician set engagement = $2 where id = $1")
            .bind(self.ann.id)
            .bind(engagement)
            .execute(self.seed.connection())
            .await
            .expect("an engagement");
    }

    async fn session(&mut self, date: &str, start: &str, end: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, start, end).await
    }

    /// The link by which Ann answers an offer of the session.
    async fn offered(&self, session: SessionId) -> String {
        let by = self.administrator.account;
        link_of(&self.world, offer(&self.world, self.seed.bank, by, session, self.ann.id).await)
    }

    async fn accepts(&self, link: &str) -> Page {
        self.world.visitor().post_without_token(link, &[("answer", "accept")]).await
    }

    /// The name of the constraint that refuses a statement about a session.
    async fn refused(&mut self, statement: &'static str, session: SessionId) -> Option<String> {
        let refused = sqlx::query(statement).bind(session).execute(self.seed.connection()).await.err()?;
        Some(refused.as_database_error().and_then(DatabaseError::constraint).unwrap_or_default().to_owned())
    }

    async fn listed(&self) -> Vec<Restless> {
        let mut tx = self.world.app.db.look(Actor::job_of(self.seed.bank)).await.expect("a connection");
        list_restless(&mut tx).await.expect("what leaves too little rest")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn who_is_cleared_until_a_date_works_on_it_until_midnight() {
    let mut story = Story::begin().await;
    let (ann, by) = (story.ann.clone(), story.administrator.clone());
    let until_midnight = story.session("2026-11-03", "18:30", "00:00").await;
    let beyond = story.session("2026-11-03", "18:30", "00:15").await;
    sqlx::query("insert into session_competency (bank_id, session_id, competency) select bank_id, id, 'basic_life_support' from session")
        .execute(story.seed.connection())
        .await
        .expect("a need of every session");
    story.seed.competency(&ann, "basic_life_support", Some("2026-11-03")).await;
    story.seed.cleared_until(&ann, "2026-11-03", &by).await;

    let visitor = story.world.signed_in(&by.email).await;
    // She offers time until 10pm only, which she can agree to.
    let page = visitor.get(&format!("/unfilled-sessions/{until_midnight}")).await.expect(200);
    page.says("Would have to agree (1)").says("Can't be booked (0)");
    visitor.get(&format!("/unfilled-sessions/{beyond}")).await.expect(200).says("Can't be booked (1)");
    let link = story.offered(beyond).await;
    story.accepts(&link).await.expect(409).says("ends on 3 November 2026, before this session does");
    let link = story.offered(until_midnight).await;
    story.accepts(&link).await.expect(303);

    // A decision that ends on that date leaves the booking, one that ends a day earlier does not.
    for (until, refused) in
        [("2026-11-02", Some("clearance_leaves_no_booking_uncovered")), ("2026-11-03", None)]
    {
        let decided = sqlx::query(
            "insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
             select bank_id, gen_random_uuid(), id, role, $3::text::date, 'Tried', $2, '2026-11-02T09:00:00Z' from clinician
              where id = $1",
        );
        let decided = decided.bind(ann.id).bind(by.account).bind(until);
        let error = decided.execute(story.seed.connection()).await.err();
        let named = error.as_ref().and_then(|error| error.as_database_error()?.constraint());
        assert_eq!(named, refused, "cleared until {until}");
    }
    story.finish().await;
}

/// What the engine planned while it counted rest by calendar dates is refused by the desk, in words, and by the database.
#[tokio::test]
async fn a_plan_without_rest_is_refused_by_the_desk_and_by_the_database() {
    let mut story = Story::begin().await;
    let problem =
        problem_from_slice(include_bytes!("../plans/rest-by-date.problem.json")).expect("a problem");
    let plan = read_plan(include_bytes!("../plans/rest-by-date.plan.json").as_slice()).expect("a plan");
    assert_eq!(plan.filled, problem.sessions.len() as u64, "Ann was planned for everything");
    for (told, sentence) in problem.sessions.iter().zip([
        None,
        Some("This session leaves less than 11 hours of rest beside another booking"),
        None,
        Some("more than 13 hours from start to end, which leaves less than 11 hours of rest"),
        Some("This session is longer than 13 hours, which leaves less than 11 hours of rest"),
    ]) {
        let (day, clock) =
            (told.start.format("%Y-%m-%d"), |at: DateTime<Utc>| at.format("%H:%M").to_string());
        let session = story.session(&day.to_string(), &clock(told.start), &clock(told.end)).await;
        story.works_as("employed").await;
        let link = story.offered(session).await;
        let Some(sentence) = sentence else {
            story.accepts(&link).await.expect(303);
            continue;
        };
        story.accepts(&link).await.expect(409).says(sentence);
        let is_listed = |listed: &[Restless], is_offer: bool| {
            listed.iter().any(|one| (one.is_offer, one.starts_at) == (is_offer, told.start))
        };
        assert!(is_listed(&story.listed().await, true), "the offer stands, and the doctor says so");

        // One who is self-employed may; the database is then asked what it makes of it for a worker of the bank.
        story.works_as("self_employed").await;
        story.accepts(&link).await.expect(303);
        assert!(!is_listed(&story.listed().await, false));
        let to_worker = "update booking set engagement = 'employed' where session_id = $1";
        assert_eq!(story.refused(to_worker, session).await, None);
        let again = "update booking set starts_at = starts_at where session_id = $1";
        assert_eq!(
            story.refused(again, session).await.as_deref(),
            Some("booking_leaves_rest"),
            "{}",
            told.id
        );
        assert!(
            is_listed(&story.listed().await, false),
            "a booking of before stands, and the doctor says so"
        );
        let cancel =
            "update booking set state = 'cancelled', cancelled_at = made_at, cancelled_side = 'bank',
                             cancel_reason = 'Too little rest' where session_id = $1";
        assert_eq!(story.refused(cancel, session).await, None);
    }
    story.world.stop().await;
}

#[tokio::test]
async fn hours_that_end_at_midnight_are_changed_to_and_back() {
    let mut story = Story::begin().await;
    let manager = story.seed.practice_manager("Mo Example", &[story.practice]).await;
    let mo = story.world.signed_in(&manager.email).await;
    let session = story.session("2026-11-03", "09:00", "17:00").await;
    let page = format!("/sessions/{session}/time");
    for (end, told) in [
        ("midnight", "9am to midnight"),
        ("10pm", "9am to 10pm"),
        ("24:00", "9am to midnight"),
        ("5pm", "9am to 5pm"),
    ] {
        mo.post(&page, &[("start", "9am"), ("end", end)]).await.expect(303);
        mo.get(&format!("/sessions/{session}")).await.expect(200).says(&format!("3 November 2026, {told}"));
    }
    let refused = mo.post(&page, &[("start", "9am"), ("end", "8am")]).await.expect(422);
    refused.says("If the session goes on past midnight, tick that it ends the next day");
    mo.post(&page, &[("start", "9am"), ("end", "8am"), ("overnight", "yes")]).await.expect(303);
    mo.get(&format!("/sessions/{session}")).await.expect(200).says("9am to 8am the next day");
    story.finish().await;
}

#[tokio::test]
async fn in_the_hour_that_comes_twice_it_is_said_which_is_meant() {
    let mut story = Story::begin().await;
    let manager = story.seed.practice_manager("Mo Example", &[story.practice]).await;
    let mo = story.world.signed_in(&manager.email).await;
    story.seed.rate(&story.ann.clone(), "core", 8_000).await;
    // A core session in the night, as the seed makes it: what the clocks do is what matters here.
    let session = story.session("2027-10-30", "20:00", "23:00").await;
    let (page, detail) = (format!("/sessions/{session}/time"), format!("/sessions/{session}"));
    sqlx::query("update session set band = 'saturday' where id = $1")
        .bind(session)
        .execute(story.seed.connection())
        .await
        .expect("a band");
    let hours = |end, which| vec![("start", "8pm"), ("end", end), ("overnight", "yes"), ("which", which)];
    let asked = mo.post(&page, &hours("1:30am", "")).await.expect(422);
    asked.says("On Sunday 31 October 2027 the clocks go back and 1:30am comes twice. Select which you mean");
    asked.says("The second, after the clocks went back (winter time)");
    mo.post(&page, &hours("1:30am", "second")).await.expect(303);
    mo.get(&detail).await.expect(200).says("8pm to 1:30am (winter time) the next day");
    // What was meant is meant still when only the end changes within the hour.
    mo.get(&page).await.expect(200).says("which do you mean?");
    mo.post(&page, &hours("1:45am", "")).await.expect(303);
    mo.get(&detail).await.expect(200).says("8pm to 1:45am (winter time) the next day");
    mo.post(&page, &hours("1:45am", "first")).await.expect(303);
    mo.get(&detail).await.expect(200).says("8pm to 1:45am (summer time) the next day");

    let link = story.offered(session).await;
    story.accepts(&link).await.expect(303);
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(mail.contains("8pm to 1:45am (summer time) the next day"), "{mail}");
    story.finish().await;
}

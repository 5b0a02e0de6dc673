//! A practice closes for some days, or stops a series: it chooses the sessions, sees what falls with them and what that
//! costs, and withdraws all by one act. Each person concerned gets one email.

use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
}

impl Story {
    /// Monday 2 November 2026, 9am: whoever cancels late owes half.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let abi = world.signed_in(&administrator.email).await;
        let form = [
            ("steps", "30 days: 50%"),
            ("short_notice_hours", "0"),
            ("short_notice_steps", ""),
            ("why", "Agreed"),
            ("version", "0"),
        ];
        abi.post("/bank/cancelling", &form).await.expect(303);
        Self { world, seed, administrator, manager, practice, ann }
    }

    /// A session on that date which Ann was offered, and took where `is_taken`.
    async fn offered(&mut self, date: &str, is_taken: bool) -> SessionId {
        let session = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
        let made = offer(&self.world, self.seed.bank, self.administrator.account, session, self.ann.id).await;
        if is_taken {
            let link = link_of(&self.world, made);
            self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        }
        self.world.work().await;
        session
    }

    async fn states(&mut self) -> Vec<(String, String)> {
        let statement = "select local_date::text, state from session order by local_date";
        sqlx::query_as(statement).fetch_all(self.seed.connection()).await.expect("the sessions")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

fn withdrawn(sessions: &[SessionId], fee: &str, booked: &str) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> =
        sessions.iter().map(|id| ("session".to_owned(), id.to_string())).collect();
    let rest = [("fee", fee), ("booked", booked), ("reason", "no_room")];
    form.extend(rest.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_practice_closes_for_some_days_and_each_person_gets_one_email() {
    let mut story = Story::begin().await;
    let one = story.offered("2026-11-10", true).await;
    let two = story.offered("2026-11-11", true).await;
    let three = story.offered("2026-11-12", false).await;
    let open = story.seed.session(story.practice, "gp", "2026-11-13", "08:30", "12:40").await;
    let later = story.offered("2026-11-20", true).await;
    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get("/sessions?week=2026-11-10").await.expect(200).says("Withdraw several");
    let page = manager.get("/sessions/withdraw?from=2026-11-10&until=2026-11-13").await.expect(200);
    page.says("Ann Example booked. Withdrawn now, the practice owes £183.34").says("1 offer is out");
    page.says("Nobody is booked and no offer is out");
    assert!(!page.body.contains(&later.to_string()), "it lies outside the days");

    let all = [one, two, three, open];
    let check = withdrawn(&all, "0", "0");
    let page = manager.post("/sessions/withdraw/check", &pairs(&check)).await.expect(200);
    page.says("Withdrawn now, the practice owes £366.68 in all").says("Each person concerned gets one email");
    let mut unsaid = withdrawn(&all, "36668", "2");
    unsaid.retain(|(name, _)| name != "reason");
    manager.post("/sessions/withdraw", &pairs(&unsaid)).await.expect(422).says("Select a reason");
    // Less was seen than it costs, or fewer people: nothing is withdrawn, not even what is open.
    for (fee, booked) in [("18334", "2"), ("36668", "1")] {
        manager.post("/sessions/withdraw", &pairs(&withdrawn(&all, fee, booked))).await.expect(409);
    }
    assert!(story.states().await.iter().all(|(_, state)| state == "open"));

    let before = (
        story.world.inbox.of(&story.ann.person.email).len(),
        story.world.inbox.of(&story.manager.email).len(),
    );
    let done = manager.post("/sessions/withdraw", &pairs(&withdrawn(&all, "36668", "2"))).await.expect(303);
    manager
        .get(&done.location)
        .await
        .expect(200)
        .says("4 sessions are withdrawn, and everybody concerned is told");
    story.world.work().await;
    let states = story.states().await;
    assert!(states.iter().all(|(date, state)| (state == "open") == (date == "2026-11-20")), "{states:?}");

    let anns = story.world.inbox.of(&story.ann.person.email);
    assert_eq!(anns.len(), before.0 + 1, "one email");
    let mail = anns.last().expect("her email");
    assert_eq!(mail.header("Subject"), "Withdrawn by the practice: several sessions at Orchid House Surgery");
    let text = mail.text();
    for said in
        ["Tuesday 10 November", "Wednesday 11 November", "Thursday 12 November", "No longer offered to you"]
    {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(text.contains("Cancellation fee: £183.34") && text.contains("The room or the site"), "{text}");
    // Each booking ends in the entry beside the texts and in the attached file.
    assert_eq!(text.matches("STATUS:CANCELLED").count(), 4);
    assert!(text.contains("METHOD:PUBLISH") && !text.contains("ATTENDEE"));
    let managers = story.world.inbox.of(&story.manager.email);
    assert_eq!(managers.len(), before.1 + 1, "one email");
    assert!(managers.last().expect("the practice's email").text().contains("Ann Example, GP"));
    // Pressed a second time it does nothing more.
    manager.post("/sessions/withdraw", &pairs(&withdrawn(&all, "36668", "2"))).await.expect(303);
    story.world.work().await;
    assert_eq!(story.world.inbox.of(&story.ann.person.email).len(), before.0 + 1);
    story.finish().await;
}

#[tokio::test]
async fn a_series_is_stopped_and_another_practices_sessions_are_none_of_ones_own() {
    let mut story = Story::begin().await;
    let mut series = Vec::new();
    for date in ["2026-11-10", "2026-11-17", "2026-11-24"] {
        series.push(story.seed.session(story.practice, "gp", date, "08:30", "12:40").await);
    }
    let alone = story.seed.session(story.practice, "gp", "2026-11-12", "08:30", "12:40").await;
    let elsewhere = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let foreign = story.seed.session(elsewhere, "gp", "2026-11-10", "08:30", "12:40").await;
    let id = "01a20000-0000-7000-8000-000000000001";
    for statement in [
        "insert into session_series (bank_id, id, practice_id, until_date, created_at)
         select bank_id, $2::uuid, practice_id, '2026-11-24', now() from session where id = any($1) limit 1",
        "update session set series_id = $2::uuid where id = any($1)",
    ] {
        let ids: Vec<_> = series.iter().map(|session| session.0).collect();
        sqlx::query(statement).bind(ids).bind(id).execute(story.seed.connection()).await.expect("a series");
    }
    let manager = story.world.signed_in(&story.manager.email).await;
    let detail = manager.get(&format!("/sessions/{}", series[1])).await.expect(200);
    detail.says("Withdraw others of its series too");
    let page = manager.get(&format!("/sessions/withdraw?series={}", series[1])).await.expect(200);
    page.says("These sessions of the series are still to come");
    assert!(series.iter().all(|session| page.body.contains(&session.to_string())));
    assert!(!page.body.contains(&alone.to_string()));

    manager.post("/sessions/withdraw/check", &[]).await.expect(303);
    let stranger = story.seed.practice_manager("Sal Example", &[elsewhere]).await;
    let stranger = story.world.signed_in(&stranger.email).await;
    let own = format!("/sessions/withdraw?series={}", series[1]);
    stranger.get(&own).await.expect(200).says("No sessions to withdraw");
    stranger.post("/sessions/withdraw", &pairs(&withdrawn(&series, "0", "0"))).await.expect(404);
    let mixed = [series[0], foreign];
    manager.post("/sessions/withdraw", &pairs(&withdrawn(&mixed, "0", "0"))).await.expect(404);
    assert!(story.states().await.iter().all(|(_, state)| state == "open"));
    manager.post("/sessions/withdraw", &pairs(&withdrawn(&series[1..], "0", "0"))).await.expect(303);
    let open = story.states().await.iter().filter(|(_, state)| state == "open").count();
    assert_eq!(open, 3);
    story.finish().await;
}

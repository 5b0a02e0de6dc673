//! Requests for sessions that are far enough ahead gather until a round closes, and are decided together: whose turn it
//! is decides, and not who asked first. The practice confirms; what it does not confirm goes back.

use chrono::TimeDelta;
use locumbank::ground::id::{PracticeId, RequestId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::request::jobs::decide_rounds;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::World;
use crate::support::desk::assert_sound;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    manager: Person,
    ann: Clinician,
    bea: Clinician,
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
    /// Monday 2 November 2026, 9am: the bank decides to hold rounds, and the first is announced.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let bea = seed.clinician("gp", "Bea Example", &administrator).await;
        let mut story = Self { world, seed, administrator, practice, manager, ann, bea };
        let by = story.administrator.clone();
        story.send_as(&by, "/bank/rounds/check", &RULE).await.expect(200).says("before it opens");
        story.send_as(&by, "/bank/rounds", &RULE).await.expect(303);
        story.later(TimeDelta::minutes(1)).await;
        story
    }

    /// The same, with the first round open: 2 November, midday, to 9 November, midday, for sessions from 23 November on.
    async fn opened() -> Self {
        let mut story = Self::begin().await;
        story.later(TimeDelta::hours(4)).await;
        story
    }

    async fn later(&mut self, by: TimeDelta) {
        self.world.app.clock.advance(by);
        self.world.work().await;
    }

    async fn open_as(&self, person: &Person, path: &str) -> Page {
        self.world.signed_in(&person.email).await.get(path).await
    }

    async fn send_as(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        self.world.signed_in(&person.email).await.post(path, fields).await
    }

    async fn session(&mut self, date: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, "08:30", "12:40").await
    }

    async fn asks(&mut self, person: &Person, session: SessionId) -> RequestId {
        let asked = self.send_as(person, &format!("/find-sessions/{session}"), &[("note", "")]).await;
        asked.expect(303);
        sqlx::query_scalar(
            "select q.id from request q join clinician c on c.id = q.clinician_id
              where c.account_id = $1 and q.session_id = $2 and q.state = 'waiting'",
        )
        .bind(person.account)
        .bind(session)
        .fetch_one(self.seed.connection())
        .await
        .expect("a request")
    }

    /// Says which choice each of a person's requests is.
    async fn wants(&self, person: &Person, choices: &[(RequestId, &str)], most: &str) {
        let names: Vec<String> = choices.iter().map(|(request, _)| format!("choice-{request}")).collect();
        let mut fields: Vec<(&str, &str)> =
            names.iter().zip(choices).map(|(name, (_, choice))| (name.as_str(), *choice)).collect();
        fields.push(("most", most));
        self.send_as(person, "/my-requests/order", &fields).await.expect(303);
    }

    async fn stands(&mut self, request: RequestId) -> (String, String) {
        sqlx::query_as("select state, coalesce(reason, '') from request where id = $1")
            .bind(request)
            .fetch_one(self.seed.connection())
            .await
            .expect("the request")
    }

    async fn state_of(&mut self, request: RequestId) -> String {
        self.stands(request).await.0
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect(statement)
    }

    /// The address of the round of that number.
    async fn round(&mut self, number: i32) -> String {
        let id: uuid::Uuid = sqlx::query_scalar("select id from round where number = $1")
            .bind(number)
            .fetch_one(self.seed.connection())
            .await
            .expect("the round");
        format!("/rounds/{id}")
    }

    /// How many mails of a kind somebody got.
    fn mails(&self, person: &Person, subject: &str) -> usize {
        let mails = self.world.inbox.of(&person.email);
        mails.iter().filter(|mail| mail.header("Subject").starts_with(subject)).count()
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

/// What everybody reads of a round that has not opened yet.
async fn is_announced(story: &Story, first: &str) -> Page {
    let announced = story.world.visitor().get(first).await.expect(200);
    announced.says("Not open yet").says("Published once the round is decided");
    announced.says("9 November 2026, midday");
    story.world.visitor().get("/rounds").await.expect(200).says("590");
    announced
}

/// After a round is decided the next is open, and the one after it announced.
async fn the_next_are_announced(story: &mut Story) {
    let next = story.round(2).await;
    story.world.visitor().get(&next).await.expect(200).says("Open");
    let third = story.round(3).await;
    story.world.visitor().get(&third).await.expect(200).says("Not open yet");
}

/// The manager confirms both whom the round proposes, and once more to no effect.
async fn confirms_both(
    story: &mut Story,
    manager: &Person,
    (bea_tuesday, ann_wednesday): (RequestId, RequestId),
) {
    let list = story.open_as(manager, "/requests").await.expect(200);
    list.says("Proposed by a round: confirm by midday on Wednesday 11 November")
        .says("Confirm whom I ticked");
    let page = story.open_as(manager, &format!("/requests/{bea_tuesday}")).await.expect(200);
    page.says("Round 1 proposes them");
    let ids = [bea_tuesday.to_string(), ann_wednesday.to_string()];
    let both = [("request", ids[0].as_str()), ("request", ids[1].as_str())];
    let done = story.send_as(manager, "/requests/confirm", &both).await.expect(303);
    assert_eq!(done.location, "/requests");
    story.send_as(manager, "/requests/confirm", &both).await.expect(303);
    story.world.work().await;
    assert_eq!(story.count("select count(*) from booking where way_in = 'request'").await, 2);
}

#[tokio::test]
async fn a_round_is_announced_gathers_decides_and_is_confirmed() {
    let mut story = Story::begin().await;
    let first = story.round(1).await;
    let announced = is_announced(&story, &first).await;
    let (seed, hash): (String, String) = sqlx::query_as("select seed, seed_hash from round")
        .fetch_one(story.seed.connection())
        .await
        .expect("one");
    announced.says(&hash).does_not_say(&seed);

    story.later(TimeDelta::hours(4)).await;
    let (ann, bea, manager) = (story.ann.person.clone(), story.bea.person.clone(), story.manager.clone());
    let tuesday = story.session("2026-11-24").await;
    let wednesday = story.session("2026-11-25").await;
    let soon = story.session("2026-11-17").await;
    story.world.visitor().get(&first).await.expect(200).says("Open").does_not_say(&seed);
    let page = story.open_as(&ann, "/find-sessions").await.expect(200);
    page.says("In round 1, which closes on Monday 9 November");
    let page = story.open_as(&ann, &format!("/find-sessions/{tuesday}")).await.expect(200);
    page.says("All requests of the round are decided together");
    let posted = story.open_as(&manager, &format!("/sessions/{tuesday}")).await.expect(200);
    posted.says("Gather in");

    // Ann asks first for both and wants Tuesday most; Bea wants Tuesday alone.
    let ann_tuesday = story.asks(&ann, tuesday).await;
    let ann_wednesday = story.asks(&ann, wednesday).await;
    let bea_tuesday = story.asks(&bea, tuesday).await;
    story.wants(&ann, &[(ann_tuesday, "1"), (ann_wednesday, "2")], "1").await;
    let wrong = story.send_as(&ann, "/my-requests/order", &[("most", "none")]).await.expect(422);
    wrong.says("Number of sessions must be between 1 and 99");
    let own = story.open_as(&ann, "/my-requests").await.expect(200);
    own.says("Round 1, which closes on Monday 9 November 2026, midday").says("Your ticket");
    // What is too near for the round goes to the practice at once.
    let direct = story.asks(&ann, soon).await;
    story.world.work().await;
    assert_eq!(story.mails(&manager, "Asked for"), 1);
    // Nobody answers what gathers.
    let early = story.send_as(&manager, &format!("/requests/{ann_tuesday}"), &[("answer", "accept")]).await;
    assert_eq!(early.expect(303).location, format!("/requests/{ann_tuesday}"));
    story.open_as(&manager, "/requests").await.expect(200).says("Gathering in a round");
    assert_eq!(story.state_of(ann_tuesday).await, "waiting");

    story.later(TimeDelta::days(7)).await;
    // Two sessions can be filled only so, whoever came first.
    assert_eq!(story.state_of(bea_tuesday).await, "proposed");
    assert_eq!(story.state_of(ann_wednesday).await, "proposed");
    let (state, why) = story.stands(ann_tuesday).await;
    assert_eq!(state, "not_given");
    assert!(why.contains("ahead of you wanted it") || why.contains("left another session empty"), "{why}");
    assert_eq!(story.state_of(direct).await, "waiting");
    assert_eq!(story.count("select count(*) from booking").await, 0, "nobody is booked by a machine");
    assert_eq!(
        (story.mails(&ann, "Round 1"), story.mails(&bea, "Round 1")),
        (1, 1),
        "one mail for all results"
    );
    assert_eq!(story.mails(&manager, "Round 1: confirm 2 sessions by midday on"), 1);
    let told = story.world.inbox.last_of(&ann.email).text().clone();
    assert!(told.contains("It gives you:") && told.contains(&why), "{told}");
    story.open_as(&ann, "/my-requests").await.expect(200).says(&why).says("2 people asked for it");

    let decided = story.world.visitor().get(&first).await.expect(200);
    decided.says("Decided").says(&seed).says("In this order people had their turn");
    assert_eq!(hex::encode(Sha256::digest(seed.as_bytes())), hash, "the seed that was sealed");

    confirms_both(&mut story, &manager, (bea_tuesday, ann_wednesday)).await;
    for person in [&ann, &bea] {
        assert_eq!(story.mails(person, "Booked:"), 1);
    }
    // The ledger: Ann asked for three and has one, as Bea has.
    let ledger = story.open_as(&ann, "/my-requests").await.expect(200);
    ledger.says("Sessions asked for You 3 Half have no more than 1").says("Sessions booked You 1");
    ledger.says("Hours booked You 4 hours 10 minutes");
    the_next_are_announced(&mut story).await;
    story.finish().await;
}

/// Bea has worked less; whoever of the two asks first, and however the lot falls, the session is hers.
#[tokio::test]
async fn who_had_less_comes_first_whoever_asks_first() {
    for ann_asks_first in [true, false] {
        let mut story = Story::opened().await;
        let (ann, bea, manager) = (story.ann.person.clone(), story.bea.person.clone(), story.manager.clone());
        let (soon, wanted) = (story.session("2026-11-10").await, story.session("2026-11-24").await);
        let direct = story.asks(&ann, soon).await;
        story.send_as(&manager, &format!("/requests/{direct}"), &[("answer", "accept")]).await.expect(303);
        let order = if ann_asks_first { [&ann, &bea] } else { [&bea, &ann] };
        let mut requests = Vec::new();
        for person in order {
            requests.push((person.email.clone(), story.asks(person, wanted).await));
            story.world.app.clock.advance(TimeDelta::minutes(5));
        }
        story.later(TimeDelta::days(7)).await;
        for (name, request) in requests {
            let (state, why) = story.stands(request).await;
            if name == bea.email {
                assert_eq!(state, "proposed", "{why}");
            } else {
                assert_eq!((state.as_str(), why.as_str()), ("not_given", "1 person ahead of you wanted it."));
            }
        }
        story.finish().await;
    }
}

#[tokio::test]
async fn what_is_not_confirmed_in_time_goes_back_with_a_mail() {
    let mut story = Story::opened().await;
    let (ann, bea) = (story.ann.person.clone(), story.bea.person.clone());
    let sessions = [story.session("2026-11-24").await, story.session("2026-11-25").await];
    let first = story.asks(&ann, sessions[0]).await;
    let second = story.asks(&ann, sessions[1]).await;
    let taken_back = story.asks(&bea, sessions[0]).await;
    story.later(TimeDelta::days(7)).await;
    let proposed = [first, second];
    // Whoever is proposed may take it back, and may not be asked for twice.
    for request in [taken_back, first] {
        story.send_as(&bea, &format!("/my-requests/{taken_back}/withdraw"), &[]).await.expect(303);
        let _ = request;
    }
    story.later(TimeDelta::hours(48)).await;
    for request in proposed {
        let (state, why) = story.stands(request).await;
        if state != "not_given" {
            assert_eq!((state.as_str(), why.as_str()), ("ended", "The practice did not confirm in time."));
        }
    }
    assert!(story.mails(&ann, "Round 1: ") == 2, "the results, and what was not confirmed");
    let told = story.world.inbox.last_of(&ann.email);
    assert!(told.header("Subject").contains("not confirmed in time"), "{}", told.header("Subject"));
    // The sessions can be asked for again: they are too near for the second round, or in it.
    story.asks(&ann, sessions[0]).await;
    story.finish().await;
}

#[tokio::test]
async fn what_changes_before_the_close_is_minded() {
    let mut story = Story::opened().await;
    let (ann, bea, manager) = (story.ann.person.clone(), story.bea.person.clone(), story.manager.clone());
    let withdrawn = story.session("2026-11-24").await;
    let kept = story.session("2026-11-25").await;
    let of_withdrawn = story.asks(&ann, withdrawn).await;
    let of_uncleared = story.asks(&ann, kept).await;
    let of_bea = story.asks(&bea, kept).await;
    let reason = [("reason", "not_needed")];
    story.send_as(&manager, &format!("/sessions/{withdrawn}/withdraw"), &reason).await.expect(303);
    let (ann_herself, by) = (story.ann.clone(), story.administrator.clone());
    story.seed.cleared_until(&ann_herself, "2026-11-20", &by).await;
    story.later(TimeDelta::days(7)).await;
    assert_eq!(
        story.stands(of_withdrawn).await,
        ("ended".into(), "The practice withdrew the session.".into())
    );
    let (state, why) = story.stands(of_uncleared).await;
    assert_eq!(state, "not_given");
    assert!(why.contains("clearance ends"), "{why}");
    assert_eq!(story.state_of(of_bea).await, "proposed");
    // What is filled after it was proposed ends, and what can't be done any more is told when it is confirmed.
    story.seed.cleared_until(&story.bea.clone(), "2026-11-20", &by).await;
    let id = of_bea.to_string();
    story.send_as(&manager, "/requests/confirm", &[("request", id.as_str())]).await.expect(303);
    assert_eq!(story.state_of(of_bea).await, "proposed");
    assert_eq!(story.count("select count(*) from booking").await, 0);
    story.finish().await;
}

/// Two servers close one round at the same moment, while somebody takes a request back.
#[tokio::test(flavor = "multi_thread")]
async fn two_servers_decide_one_round_once() {
    let mut story = Story::opened().await;
    let wanted = story.session("2026-11-24").await;
    let mut people = vec![story.ann.person.clone(), story.bea.person.clone()];
    for number in 0..6 {
        people.push(story.seed.clinician("gp", &format!("Gp {number}"), &story.administrator).await.person);
    }
    let mut requests = Vec::new();
    for person in &people {
        requests.push(story.asks(person, wanted).await);
    }
    story.world.app.clock.advance(TimeDelta::days(7));
    let second = story.world.start_another().await;
    let gives_up = story.world.signed_in(&people[0].email).await;
    let path = format!("/my-requests/{}/withdraw", requests[0]);
    let (one, other, withdrawn) = tokio::join!(
        decide_rounds(&story.world.app, json!({})),
        decide_rounds(&second.app, json!({})),
        gives_up.post(&path, &[]),
    );
    one.expect("decided");
    other.expect("decided");
    withdrawn.expect(303);
    story.world.work().await;
    assert_eq!(story.count("select count(*) from audit_event where action = 'round.decided'").await, 1);
    assert_eq!(story.count("select count(*) from request where state = 'waiting'").await, 0);
    assert!(story.count("select count(*) from request where state = 'proposed'").await <= 1);
    assert_eq!(
        story
            .count("select count(*) from request where state in ('proposed', 'not_given', 'withdrawn')")
            .await,
        8
    );
    for person in &people[1..] {
        assert_eq!(story.mails(person, "Round 1"), 1, "{}", person.email);
    }
    second.stop().await;
    story.finish().await;
}

#[tokio::test]
async fn the_database_keeps_a_round_as_it_was_announced() {
    let mut story = Story::begin().await;
    for statement in [
        "update round set seed = 'another', seed_hash = encode(sha256('another'), 'hex')",
        "update round set closes_at = closes_at + interval '1 hour'",
        "update round set seed_hash = 'another'",
    ] {
        let error = sqlx::query(statement).execute(story.seed.connection()).await.expect_err(statement);
        let error = error.as_database_error().expect("an answer").constraint().map(str::to_owned);
        assert!(error.is_some_and(|name| name.starts_with("round_")), "{statement}");
    }
    let kind = PersonKind::Commissioner;
    let stranger = story.seed.person(kind, "Cas Example").await;
    story.open_as(&stranger, "/our-bank").await.expect(200).says("Days a round lasts");
    story.finish().await;
}

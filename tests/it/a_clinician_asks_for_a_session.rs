//! A clinician looks through the sessions that want somebody and asks for one; the practice answers; both sides are told.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, RequestId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::Desk;
use locumbank::work::booking::error::DeskError;
use locumbank::work::request::Answer;
use locumbank::work::request::actions::{Answered, answer_request};
use tokio::task::JoinSet;

use crate::support::World;
use crate::support::desk::{assert_sound, offer};
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
    session: SessionId,
}

impl Story {
    /// Orchid House wants a GP on Tuesday 10 November, 8:30am to 12:40pm.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        Self { world, seed, administrator, practice, manager, ann, session }
    }

    async fn open_as(&self, person: &Person, path: &str) -> Page {
        self.world.signed_in(&person.email).await.get(path).await
    }

    async fn send_as(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        self.world.signed_in(&person.email).await.post(path, fields).await
    }

    /// The person asks for the session: the request.
    async fn asks(&mut self, person: &Person, session: SessionId) -> RequestId {
        let asked = self.send_as(person, &format!("/find-sessions/{session}"), &[("note", "")]).await;
        assert_eq!(asked.expect(303).location, "/my-requests");
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

    async fn state_of(&mut self, request: RequestId) -> String {
        sqlx::query_scalar("select state from request where id = $1")
            .bind(request)
            .fetch_one(self.seed.connection())
            .await
            .expect("the request")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn a_session_is_found_asked_for_and_accepted() {
    let mut story = Story::begin().await;
    let ann = story.ann.person.clone();
    let found = story.open_as(&ann, "/find-sessions").await.expect(200);
    found.says("Tuesday 10 November 2026, 8:30am to 12:40pm").says("Orchid House Surgery");
    found.says("in all").says("from home, about").says("1 session wants somebody of your role");
    let path = format!("/find-sessions/{}", story.session);
    let page = story.open_as(&ann, &path).await.expect(200);
    page.says("Ask for this session").says("It is outside the times you offer.");
    let asked = story.send_as(&ann, &path, &[("note", "I know your system")]).await.expect(303);
    assert_eq!(asked.location, "/my-requests");
    story.open_as(&ann, "/my-requests").await.expect(200).says("Waiting for an answer").says("Take back");
    story.open_as(&ann, "/find-sessions").await.expect(200).says("Asked for");
    // Once more, by Back or in another tab, is the same request.
    story.send_as(&ann, &path, &[("note", "")]).await.expect(303);

    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.manager.email);
    assert_eq!(
        mail.header("Subject"),
        "Asked for: Tue 10 Nov, 8:30am, Orchid House Surgery: Ann Example, GP"
    );
    let text = mail.text();
    assert!(text.contains("They say: I know your system"), "{text}");
    let link = text.split_whitespace().find(|word| word.contains("/requests/")).expect("a link");
    let link = link.strip_prefix(&story.world.base_url).expect("a link to this service").to_owned();
    let manager = story.manager.clone();
    story.open_as(&manager, "/requests").await.expect(200).says("Ann Example");
    let session = format!("/sessions/{}", story.session);
    story.open_as(&manager, &session).await.expect(200).says("Who asks for it");
    story.open_as(&manager, &link).await.expect(200).says("I know your system").says("Not yet");
    story.send_as(&manager, &link, &[]).await.expect(422).says("Select whether you accept or decline");
    let no = [("answer", "decline")];
    story.send_as(&manager, &link, &no).await.expect(422).says("Select why you decline");
    let done = story.send_as(&manager, &link, &[("answer", "accept")]).await.expect(303);
    assert!(done.location.starts_with("/bookings/"), "{}", done.location);
    let again = story.send_as(&manager, &link, &[("answer", "accept")]).await.expect(303);
    assert_eq!(again.location, done.location);
    // Who declines after that is shown how it stands.
    let late = [("answer", "decline"), ("reason", "own_cover")];
    assert_eq!(story.send_as(&manager, &link, &late).await.expect(303).location, link);

    story.world.work().await;
    for to in [&ann.email, &manager.email] {
        let subject = story.world.inbox.last_of(to).header("Subject");
        assert!(subject.starts_with("Booked: Tue 10 Nov, 8:30am"), "{subject}");
    }
    story.open_as(&ann, "/my-requests").await.expect(200).says("Booked").does_not_say("Take back");
    let way: String = sqlx::query_scalar("select way_in from booking")
        .fetch_one(story.seed.connection())
        .await
        .expect("one booking");
    assert_eq!(way, "request");
    story.finish().await;
}

#[tokio::test]
async fn a_request_is_declined_taken_back_or_ends_with_its_session() {
    let mut story = Story::begin().await;
    let (ann, manager) = (story.ann.person.clone(), story.manager.clone());
    let declined = story.asks(&ann, story.session).await;
    let no = [("answer", "decline"), ("reason", "other_experience")];
    story.send_as(&manager, &format!("/requests/{declined}"), &no).await.expect(303);
    story.world.work().await;
    let mail = story.world.inbox.last_of(&ann.email);
    assert_eq!(
        mail.header("Subject"),
        "Declined: Tue 10 Nov, 8:30am, Orchid House Surgery: the GP session you asked for"
    );
    assert!(mail.text().contains("Reason: The practice looks for other experience"), "{}", mail.text());
    // They may ask again, and take it back.
    let taken_back = story.asks(&ann, story.session).await;
    let path = format!("/my-requests/{taken_back}/withdraw");
    story.send_as(&ann, &path, &[]).await.expect(303);
    story.send_as(&ann, &path, &[]).await.expect(303);
    assert_eq!(story.state_of(taken_back).await, "withdrawn");
    let late = story.send_as(&manager, &format!("/requests/{taken_back}"), &[("answer", "accept")]).await;
    assert_eq!(late.expect(303).location, format!("/requests/{taken_back}"));
    story.open_as(&manager, &format!("/requests/{taken_back}")).await.expect(200).says("Taken back");

    // The practice books somebody else, or takes the session back.
    let other = story.seed.clinician("gp", "Bea Example", &story.administrator).await;
    let second = story.seed.session(story.practice, "gp", "2026-11-11", "08:30", "12:40").await;
    let waiting = [story.asks(&ann, story.session).await, story.asks(&ann, second).await];
    let wins = story.asks(&other.person, story.session).await;
    story.send_as(&manager, &format!("/requests/{wins}"), &[("answer", "accept")]).await.expect(303);
    let withdraw = format!("/sessions/{second}/withdraw");
    story.send_as(&manager, &withdraw, &[("reason", "not_needed")]).await.expect(303);
    story.world.app.clock.advance(TimeDelta::minutes(1));
    story.world.work().await;
    for request in waiting {
        assert_eq!(story.state_of(request).await, "ended");
    }
    let told = story.world.inbox.of(&ann.email);
    let told: Vec<String> = told.iter().map(|mail| mail.text().clone()).collect();
    for why in ["The session has been filled.", "The practice withdrew the session."] {
        assert!(told.iter().any(|text| text.contains(why)), "nobody was told: {why}");
    }
    story.open_as(&ann, "/my-requests").await.expect(200).says("The practice withdrew the session.");
    story.finish().await;
}

#[tokio::test]
async fn who_can_not_be_booked_is_told_why_and_what_to_do() {
    let mut story = Story::begin().await;
    let ann = story.ann.person.clone();
    let path = format!("/find-sessions/{}", story.session);
    // An offer is answered, not asked for.
    let offered =
        offer(&story.world, story.seed.bank, story.administrator.account, story.session, story.ann.id).await;
    story.open_as(&ann, &path).await.expect(200).says("Answer the offer");
    let sent = story.send_as(&ann, &path, &[("note", "")]).await.expect(303);
    assert_eq!(sent.location, format!("/offers/{offered}"));

    let (ann_as_clinician, by) = (story.ann.clone(), story.administrator.clone());
    story.seed.cleared_until(&ann_as_clinician, "2026-12-31", &by).await;
    let beyond = story.seed.session(story.practice, "gp", "2027-01-12", "08:30", "12:40").await;
    let path = format!("/find-sessions/{beyond}");
    let page = story.open_as(&ann, &path).await.expect(200);
    page.says("You can’t ask for this session")
        .says("The clearance ends")
        .does_not_say("Ask for this session</button>");
    story.open_as(&ann, "/find-sessions?weeks=all").await.expect(200).says("The clearance ends");
    let refused = story.send_as(&ann, &path, &[("note", "")]).await.expect(409);
    refused.says("The clearance ends").says("Ask the bank administrator to renew the clearance");
    let waiting: i64 = sqlx::query_scalar("select count(*) from request")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(waiting, 0);
    // A session of another role is none of theirs.
    let nurses = story.seed.session(story.practice, "practice_nurse", "2026-11-10", "08:30", "12:40").await;
    story.open_as(&ann, &format!("/find-sessions/{nurses}")).await.expect(404);
    // Nor one at a practice that takes them no more, and nothing says so.
    sqlx::query(
        "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
         values ($1, $2, $3, 'Agreed', '2026-11-01')",
    )
    .bind(story.seed.bank)
    .bind(story.practice)
    .bind(story.ann.id)
    .execute(story.seed.connection())
    .await
    .expect("a refusal");
    story.open_as(&ann, &path).await.expect(404);
    story.open_as(&ann, "/find-sessions?weeks=all").await.expect(200).does_not_say("Orchid House");
    story.finish().await;
}

/// So many people, half of the answers at each of two servers.
const MANY: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn many_are_accepted_for_one_session_at_once_and_one_is_booked() {
    let mut story = Story::begin().await;
    let mut requests = Vec::new();
    for number in 0..MANY {
        let person = story.seed.clinician("gp", &format!("Gp {number}"), &story.administrator).await.person;
        requests.push(story.asks(&person, story.session).await);
    }
    let second = story.world.start_another().await;
    let actor = Actor::Member {
        account: story.manager.account,
        bank: story.seed.bank,
        membership: story.manager.membership,
        kind: PersonKind::PracticeManager,
    };
    let mut answering = JoinSet::new();
    for (number, request) in requests.into_iter().enumerate() {
        let app = if number % 2 == 0 { story.world.app.clone() } else { second.app.clone() };
        answering.spawn(async move {
            let desk = Desk::of(&app);
            let mut tx = app.db.begin(actor).await?;
            let answered = answer_request(&mut tx, &desk, request, Answer::Accept).await?;
            tx.commit().await?;
            Ok::<_, DeskError>(answered)
        });
    }
    let (mut booked, mut refused) = (0, Vec::new());
    while let Some(answer) = answering.join_next().await {
        match answer.expect("no panic") {
            Ok(Answered::Booked(_)) => booked += 1,
            Err(DeskError::Refused(refusal)) => refused.push(refusal.code()),
            other => panic!("not a clean answer: {other:?}"),
        }
    }
    assert_eq!((booked, refused), (1, vec!["session_filled"; MANY - 1]));
    second.stop().await;
    story.finish().await;
}

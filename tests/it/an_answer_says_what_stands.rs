//! What a page says was done stands: told once, by whoever did it, of what the records hold after it. A form that is sent
//! again, after others have acted on what it did, says what has become of it.

use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;

use crate::support::desk::offer;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Visitor,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let manager = world.signed_in(&manager.email).await;
        Self { world, seed, administrator, manager, practice, ann, session }
    }

    /// The manager cancels the session's live booking.
    async fn is_cancelled(&mut self) {
        let booking: uuid::Uuid = sqlx::query_scalar("select id from booking where state = 'live'")
            .fetch_one(self.seed.connection())
            .await
            .expect("a booking");
        let cancel = format!("/bookings/{booking}/cancel");
        self.manager.post(&cancel, &[("reason", "no_room")]).await.expect(303);
    }
}

#[tokio::test]
async fn an_acceptance_sent_again_after_the_booking_was_cancelled_says_so() {
    let mut story = Story::begin().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let by = story.administrator.account;
    let id = offer(&story.world, story.seed.bank, by, story.session, story.ann.id).await;
    let path = format!("/offers/{id}");
    let booked = ann.post(&path, &[("answer", "accept")]).await.expect(303);
    ann.get(&booked.location).await.expect(200).says("You are booked. You and the practice get an email.");
    let back = ann.get(&booked.location).await.expect(200);
    assert!(!back.text().contains("You are booked."), "going back tells it again");
    ann.post(&path, &[("answer", "accept")]).await.expect(303);

    story.is_cancelled().await;
    ann.post(&path, &[("answer", "accept")]).await.expect(409).says("This booking was cancelled");
    story.world.stop().await;
}

#[tokio::test]
async fn a_booking_by_hand_sent_again_after_it_was_cancelled_says_so() {
    let mut story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let path = format!("/unfilled-sessions/{}/book", story.session);
    let id = story.ann.id.to_string();
    let key = administrator.get(&format!("{path}?clinician={id}")).await.expect(200).hidden("key");
    let form = [("clinician", id.as_str()), ("key", key.as_str()), ("rate", "85"), ("agreed", "yes")];
    administrator.post(&path, &form).await.expect(303);
    story.is_cancelled().await;
    administrator.post(&path, &form).await.expect(409).says("This booking was cancelled");
    story.world.stop().await;
}

#[tokio::test]
async fn a_posting_sent_again_after_it_was_withdrawn_says_so() {
    let story = Story::begin().await;
    let practice = story.practice.to_string();
    let form = [
        ("practice", practice.as_str()),
        ("on-day", "12"),
        ("on-month", "11"),
        ("on-year", "2026"),
        ("start", "8:30am"),
        ("end", "12:40pm"),
        ("role", "gp"),
        ("places", "1"),
        ("rate-min", "80"),
        ("rate-max", "95"),
    ];
    let key = story.manager.post("/sessions/check", &form).await.expect(200).hidden("key");
    let sent = [form.as_slice(), &[("key", key.as_str())]].concat();
    let posted = story.manager.post("/sessions", &sent).await.expect(303);
    let week = story.manager.get(&posted.location).await.expect(200);
    week.says("1 session is posted");
    let session: uuid::Uuid = sqlx::query_scalar("select id from session where local_date = '2026-11-12'")
        .fetch_one(&mut story.world.connection().await)
        .await
        .expect("the session");
    let withdraw = format!("/sessions/{session}/withdraw");
    story.manager.post(&withdraw, &[("reason", "not_needed")]).await.expect(303);
    let again = story.manager.post("/sessions", &sent).await.expect(303);
    let week = story.manager.get(&again.location).await.expect(200);
    week.says("No sessions are posted; 1 has been withdrawn since");
    story.world.stop().await;
}

#[tokio::test]
async fn a_range_sent_again_after_another_replaced_it_says_so() {
    let mut story = Story::begin().await;
    let commissioner = story.seed.person(PersonKind::Commissioner, "Sam Commissioner").await;
    let visitor = story.world.signed_in(&commissioner.email).await;
    let range = |ceiling: &'static str| {
        [
            ("role", "gp"),
            ("band", "core"),
            ("floor", "76"),
            ("ceiling", ceiling),
            ("from-day", "1"),
            ("from-month", "12"),
            ("from-year", "2026"),
        ]
    };
    let mut sent = Vec::new();
    for form in [range("90"), range("94")] {
        let key = visitor.post("/rate-ranges/check", &form).await.expect(200).hidden("key");
        let fields: Vec<(&str, String)> =
            form.iter().map(|(name, value)| (*name, (*value).to_owned())).chain([("key", key)]).collect();
        sent.push(fields);
    }
    for (form, said) in [
        (&sent[0], "The range is published"),
        (&sent[1], "The range is published"),
        (&sent[0], "This range was published before, and another has replaced it since"),
    ] {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visitor.post("/rate-ranges", &fields).await.expect(303);
        visitor.get("/rate-ranges").await.expect(200).says(said);
    }
    story.world.stop().await;
}

#[tokio::test]
async fn a_rate_that_can_not_be_changed_is_not_dropped_in_silence() {
    let story = Story::begin().await;
    let by = story.administrator.account;
    let path = format!("/sessions/{}/change", story.session);
    story.manager.get(&path).await.expect(200).says("What you pay at least");
    offer(&story.world, story.seed.bank, by, story.session, story.ann.id).await;
    let form = [("rate-min", "90"), ("rate-max", ""), ("notes", "Ring the bell")];
    let refused = story.manager.post(&path, &form).await.expect(409);
    refused.says("The rate can’t be changed now").says("An offer is out at this rate");
    story.manager.post(&path, &[("notes", "Ring the bell")]).await.expect(303);
    story.world.stop().await;
}

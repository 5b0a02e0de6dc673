//! A bank administrator finds sessions by date, practice, person and state; and somebody who telephones at 7am that they
//! can't come is replaced within a minute.

use chrono::TimeDelta;
use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    abi: Visitor,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
}

impl Story {
    /// It is 9am on Monday 2 November. Ann is booked on Tuesday 10 November and offered a session on Thursday 12.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let abi = world.signed_in(&administrator.email).await;
        let mut story = Self { world, seed, administrator, abi, manager, practice, ann };
        let booked = story.offered("2026-11-10").await;
        story.world.visitor().post_without_token(&booked, &[("answer", "accept")]).await.expect(303);
        story.offered("2026-11-12").await;
        story.world.work().await;
        story
    }

    async fn session(&mut self, date: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, "08:30", "12:40").await
    }

    /// The link of an offer to Ann of a session on that day.
    async fn offered(&mut self, date: &str) -> String {
        let session = self.session(date).await;
        let (bank, by) = (self.seed.bank, self.administrator.account);
        link_of(&self.world, offer(&self.world, bank, by, session, self.ann.id).await)
    }
}

#[tokio::test]
async fn sessions_are_found_by_date_practice_person_and_state() {
    let mut story = Story::begin().await;
    let empty = story.session("2026-11-13").await;
    let elsewhere = story.seed.practice("J81002", "Mill Lane Practice").await;
    story.seed.session(elsewhere, "gp", "2026-11-13", "13:30", "18:00").await;

    let rota = story.abi.get("/rota?from=2026-11-09").await.expect(200);
    rota.says("4 sessions, ").says("Ann Example is booked").says("Ann Example can answer by").says("Nobody");
    for (asked, found, not_found) in [
        ("from=2026-11-10&days=1", "Tue 10 Nov", "Thu 12 Nov"),
        ("from=2026-11-09&practice=mill", "Mill Lane Practice", "Orchid House Surgery"),
        ("from=2026-11-09&person=exampel", "No session found", "Tue 10 Nov"),
        ("from=2026-11-09&person=dr+ANN", "Thu 12 Nov", "Fri 13 Nov"),
        ("from=2026-11-09&state=empty", "Fri 13 Nov", "Tue 10 Nov"),
        ("from=2026-11-09&state=booked", "Tue 10 Nov", "Thu 12 Nov"),
        ("from=2026-11-09&state=offered", "Thu 12 Nov", "Tue 10 Nov"),
        ("from=2026-11-09&state=withdrawn", "No session found", "Tue 10 Nov"),
        ("from=2026-11-09&state=cancelled", "No session found", "Tue 10 Nov"),
        ("from=rubbish&days=99999&state=x&person=%25", "Rota", "Tue 10 Nov"),
    ] {
        let page = story.abi.get(&format!("/rota?{asked}")).await.expect(200);
        page.says(found).does_not_say(not_found);
    }
    let page = story.abi.get(&rota.address(&format!("/unfilled-sessions/{empty}"))).await.expect(200);
    page.says("Who can be booked").says("Fits (1)");

    let hers = story.abi.get(&format!("/clinicians/{}/rota", story.ann.id)).await.expect(200);
    hers.says("Booked").says("Offered until").says("Usually available").says("None in the next 13 weeks");
    hers.does_not_say("Fri 13 Nov");
    story
        .abi
        .get(&format!("/clinicians/{}/rota?show=past", story.ann.id))
        .await
        .expect(200)
        .says("Nothing yet");
    story.world.stop().await;
}

#[tokio::test]
async fn a_sick_call_at_seven_is_mended_within_a_minute_of_pressing() {
    let mut story = Story::begin().await;
    let by = story.administrator.clone();
    let ben = story.seed.clinician("gp", "Ben Stands-In", &by).await;
    story.world.app.clock.advance(TimeDelta::days(8) - TimeDelta::hours(2));
    story.abi = story.world.signed_in(&story.administrator.email).await;

    // Seven pages from the telephone to a new booking.
    let rota = story.abi.get("/rota?days=1").await.expect(200);
    let cancel = story.abi.get(&rota.address("/rota/bookings/")).await.expect(200);
    cancel
        .says("Cancel the booking of Ann Example?")
        .says("The clinician: something came up at short notice");
    let path = rota.address("/rota/bookings/");
    let gone = story.abi.post(&path, &[("reason", "clinician.short_notice")]).await.expect(303);
    let who = story.abi.get(&gone.location).await.expect(200);
    who.says("The booking is cancelled. Both sides get an email.").says("Ben Stands-In").says("Fits (1)");
    let asked = story.abi.get(&who.address(&format!("{}/book?", gone.location))).await.expect(200);
    asked.says("Book Ben Stands-In?");
    let (id, key) = (ben.id.to_string(), asked.hidden("key"));
    let form = [("clinician", id.as_str()), ("key", key.as_str()), ("rate", "80"), ("agreed", "yes")];
    let booked = story.abi.post(&format!("{}/book", gone.location), &form).await.expect(303);
    story.abi.get(&booked.location).await.expect(200).says("Booked Ben Stands-In");

    story.world.work().await;
    let told = |email: &str, words: &str| {
        let mails = story.world.inbox.of(email);
        mails.iter().filter(|mail| mail.text().contains(words)).count()
    };
    assert_eq!(told(&story.ann.person.email, "Something came up at short notice"), 1);
    assert_eq!(told(&story.manager.email, "cancelled by the clinician"), 1);
    assert_eq!(told(&story.manager.email, "Ben Stands-In"), 1);
    assert_eq!(told(&ben.person.email, "You are booked"), 1);
    assert_eq!(told(&story.administrator.email, "cancelled"), 0, "who did it need not be told");
    let state: (String, String) =
        sqlx::query_as("select cancelled_side, cancel_reason from booking where state = 'cancelled'")
            .fetch_one(story.seed.connection())
            .await
            .expect("the booking that was cancelled");
    assert_eq!(state, ("clinician".to_owned(), "Something came up at short notice".to_owned()));
    let hers = story.abi.get(&format!("/clinicians/{}/rota", story.ann.id)).await.expect(200);
    hers.says("By the clinician: Something came up at short notice");
    // Whoever comes back to the form reads what stands.
    story.abi.get(&path).await.expect(409).says("cancelled");
    story.abi.post(&path, &[("reason", "bank.another")]).await.expect(409).says("cancelled");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn what_has_begun_is_not_cancelled() {
    let story = Story::begin().await;
    let rota = story.abi.get("/rota?from=2026-11-10&days=1").await.expect(200);
    let path = rota.address("/rota/bookings/");
    story.world.app.clock.advance(TimeDelta::days(8) - TimeDelta::minutes(29));
    let abi = story.world.signed_in(&story.administrator.email).await;
    abi.get("/rota?days=1").await.expect(200).says("Filled").does_not_say("Cancel");
    abi.get(&path).await.expect(409).says("already started");
    abi.post(&path, &[("reason", "clinician.not_free")]).await.expect(409).says("already started");
    story.world.stop().await;
}

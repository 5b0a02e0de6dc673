//! A session is offered by mail; its clinician answers by the link or signed in; both sides are told.

use chrono::TimeDelta;
use locumbank::ground::id::{OfferId, SessionId};
use reqwest::Method;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer, offer_each};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    /// Orchid House wants a GP on Tuesday 3 November, 8:30am to 12:40pm.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
        Self { world, seed, administrator, manager, ann, session }
    }

    async fn offered(&self) -> OfferId {
        let by = self.administrator.account;
        offer(&self.world, self.seed.bank, by, self.session, self.ann.id).await
    }

    async fn state_of(&mut self, offer: OfferId) -> String {
        sqlx::query_scalar("select state from offer where id = $1")
            .bind(offer)
            .fetch_one(self.seed.connection())
            .await
            .expect("the offer")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

/// One plan is one mail, whatever the hour at which somebody publishes it.
#[tokio::test]
async fn several_offers_of_one_act_come_in_one_mail_and_not_at_night() {
    let mut story = Story::begin().await;
    let practice = story.seed.practice("J81002", "Lime Surgery").await;
    let mut pairs = vec![];
    for day in ["2026-11-05", "2026-11-06", "2026-11-09"] {
        pairs.push((story.seed.session(practice, "gp", day, "08:30", "12:40").await, story.ann.id));
    }
    let gone = story.seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
    pairs.push((gone, story.ann.id));
    // It is 9am; twenty hours to seven minutes to two.
    story.world.app.clock.advance(TimeDelta::minutes(16 * 60 + 43));
    let by = story.administrator.account;
    let mut offers = offer_each(&story.world, story.seed.bank, by, &pairs).await.expect("four offers");
    story.world.work().await;
    assert!(story.world.inbox.of(&story.ann.person.email).is_empty(), "a mail came at 1:43am");
    // One is taken back before anybody has read of it.
    let taken_back = offers.pop().expect("the fourth");
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let path = format!("/unfilled-sessions/{gone}/take-back");
    administrator.post(&path, &[("offer", &taken_back.to_string())]).await.expect(303);
    story.world.app.clock.advance(TimeDelta::minutes(5 * 60 + 18));
    story.world.work().await;
    let told = story.world.inbox.of(&story.ann.person.email);
    let mails: Vec<_> =
        told.iter().filter(|mail| mail.header("Subject").starts_with("Sessions offered")).collect();
    assert_eq!(mails.len(), 1, "one mail, not one each");
    assert!(!mails[0].text().contains(&link_of(&story.world, taken_back)), "an offer that is gone is told");
    assert_eq!(mails[0].header("Subject"), "Sessions offered to you, the first to answer by 9am tomorrow");
    let text = mails[0].text();
    for offer in &offers {
        let link = link_of(&story.world, *offer);
        assert!(text.contains(&link), "{link} is not in: {text}");
        let visitor = story.world.visitor();
        visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        assert_eq!(story.state_of(*offer).await, "accepted");
    }
    story.finish().await;
}

#[tokio::test]
async fn an_offer_is_accepted_by_the_link_in_its_mail() {
    let story = Story::begin().await;
    story.offered().await;
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    assert_eq!(
        mail.header("Subject"),
        "Tue 3 Nov, 8:30am, Orchid House Surgery: GP session offered to you, £88 an hour, answer by 9pm today"
    );
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.contains("/offer-link/")).expect("a link");
    let link = link.strip_prefix(&story.world.base_url).expect("a link to this service").to_owned();

    let visitor = story.world.visitor();
    let page = visitor.get(&link).await.expect(200);
    page.says("A session is offered to you").says("£88 an hour, £366.67 in all");
    assert!(!page.body.contains(" checked"), "an answer is chosen for the person");
    let done = visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    assert_eq!(done.location, link);
    visitor.get(&link).await.expect(200).says("You are booked");
    let calendar = visitor.get(&format!("{link}/calendar.ics")).await.expect(200);
    assert_eq!(calendar.content_type, "text/calendar; charset=utf-8");
    assert!(calendar.body.contains("DTSTART:20261103T083000Z") && calendar.body.contains("METHOD:PUBLISH"));

    story.world.work().await;
    let own = story.world.inbox.last_of(&story.ann.person.email);
    assert_eq!(
        own.header("Subject"),
        "Booked: Tue 3 Nov, 8:30am, Orchid House Surgery: GP session, £88 an hour"
    );
    let practice = story.world.inbox.last_of(&story.manager.email);
    assert_eq!(
        practice.header("Subject"),
        "Booked: Tue 3 Nov, 8:30am, Orchid House Surgery: Ann Example, GP"
    );
    assert!(practice.raw.contains("text/calendar; charset=utf-8; method=REQUEST"));
    assert!(practice.text().contains("SEQUENCE:0"));
    story.finish().await;
}

#[tokio::test]
async fn a_placeholder_that_somebody_typed_opens_nobody_elses_offer() {
    let mut story = Story::begin().await;
    let practice = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator).await;
    let other = story.seed.session(practice, "gp", "2026-11-04", "08:30", "12:40").await;
    let by = story.administrator.account;
    let beas = offer(&story.world, story.seed.bank, by, other, bea.id).await;
    let typed = format!("[[offer-link:{beas}]]");
    sqlx::query("update session set notes = $2 where id = $1")
        .bind(story.session)
        .bind(&typed)
        .execute(story.seed.connection())
        .await
        .expect("notes are typed");
    let own = story.offered().await;
    story.world.work().await;
    let text = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(text.contains(&typed), "what was typed stays as it was typed: {text}");
    assert!(text.contains(&link_of(&story.world, own)), "her own link is there: {text}");
    assert!(!text.contains(&link_of(&story.world, beas)), "she got Bea's link: {text}");
    story.finish().await;
}

#[tokio::test]
async fn an_offer_is_accepted_signed_in_and_both_see_the_booking() {
    let story = Story::begin().await;
    let id = story.offered().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/offers").await.expect(200).says("Answer by 9pm today").says("Orchid House Surgery");
    let path = format!("/offers/{id}");
    ann.get(&path).await.expect(200).says("8 miles from home");
    let booked = ann.post(&path, &[("answer", "accept")]).await.expect(303).location;
    let page = ann.get(&booked).await.expect(200);
    page.says("You are booked. You and the practice get an email.").says("£366.67 in all");
    ann.get("/bookings").await.expect(200).says("Orchid House Surgery").says("Booked");
    ann.get("/offers").await.expect(200).says("No session waits for your answer").says("Accepted");

    let manager = story.world.signed_in(&story.manager.email).await;
    let week = manager.get("/bookings?week=2026-11-03").await.expect(200);
    week.says("2 to 8 November 2026").says("Ann Example, GP").says("8:30am to 12:40pm");
    manager.get("/bookings?week=2026-11-10").await.expect(200).says("No bookings in this week");
    manager.get(booked.split('?').next().unwrap()).await.expect(200).says("Ann Example");
    story.finish().await;
}

#[tokio::test]
async fn accepting_twice_is_accepting_once() {
    let mut story = Story::begin().await;
    let offer = story.offered().await;
    let link = link_of(&story.world, offer);
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let first = ann.post(&format!("/offers/{offer}"), &[("answer", "accept")]).await.expect(303).location;
    let again = ann.post(&format!("/offers/{offer}"), &[("answer", "accept")]).await.expect(303).location;
    assert_eq!(first, again);
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    let refused = ann.post(&format!("/offers/{offer}"), &[("answer", "decline")]).await.expect(409);
    refused.says("This offer was accepted").says("cancel the booking").says("See how it stands now");
    assert_eq!(refused.address("/offers/"), format!("/offers/{offer}"));
    let bookings: i64 = sqlx::query_scalar("select count(*) from booking")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(bookings, 1);
    story.finish().await;
}

#[tokio::test]
async fn a_declined_session_can_be_offered_to_somebody_else() {
    let mut story = Story::begin().await;
    let offered = story.offered().await;
    let link = link_of(&story.world, offered);
    let visitor = story.world.visitor();
    let fields = [("answer", "decline"), ("reason", "I am away")];
    visitor.post_without_token(&link, &fields).await.expect(303);
    visitor.get(&link).await.expect(200).says("You declined this session");
    visitor.post_without_token(&link, &fields).await.expect(303);
    let refused = visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    refused.says("This offer was declined").says("See how it stands now");
    visitor.get(&refused.address("/offer-link/")).await.expect(200).says("You declined this session");
    assert_eq!(story.state_of(offered).await, "declined");
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator.clone()).await;
    let (bank, by) = (story.seed.bank, story.administrator.account);
    offer_each(&story.world, bank, by, &[(story.session, bea.id)]).await.expect("the place is free again");
    story.finish().await;
}

#[tokio::test]
async fn nobody_answers_and_the_offer_lapses() {
    let mut story = Story::begin().await;
    let offered = story.offered().await;
    let link = link_of(&story.world, offered);
    story.world.app.clock.advance(TimeDelta::minutes(11 * 60 + 59));
    story.world.work().await;
    assert_eq!(story.state_of(offered).await, "open");
    story.world.app.clock.advance(TimeDelta::minutes(1));
    let late = story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(409);
    late.says("The time to answer this offer ended today at 9pm");
    story.world.work().await;
    assert_eq!(story.state_of(offered).await, "lapsed");
    story.world.visitor().get(&link).await.expect(200).says("New offers are sent by email");
    story.finish().await;
}

#[tokio::test]
async fn mail_scanners_change_nothing() {
    let mut story = Story::begin().await;
    let offered = story.offered().await;
    let link = link_of(&story.world, offered);
    let visitor = story.world.visitor();
    for _ in 0..2 {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let answer = visitor.request(method, &link).send().await.expect("an answer");
            assert!(!answer.status().is_server_error());
        }
        let pressed = visitor.post_without_token(&link, &[("reason", "")]).await.expect(422);
        pressed.says("Select whether you accept or decline this session");
    }
    visitor.get(&format!("{link}/calendar.ics")).await.expect(404);
    visitor.get("/offer-link/guessed").await.expect(404);
    assert_eq!(story.state_of(offered).await, "open");
    visitor.post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.finish().await;
}

#[tokio::test]
async fn the_link_signs_nobody_in_and_anothers_offer_looks_like_none() {
    let mut story = Story::begin().await;
    let offered = story.offered().await;
    let visitor = story.world.visitor();
    visitor.get(&link_of(&story.world, offered)).await.expect(200);
    assert!(visitor.get(&format!("/offers/{offered}")).await.expect(303).location.starts_with("/sign-in"));
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator.clone()).await;
    let bea = story.world.signed_in(&bea.person.email).await;
    let (other, none) = (
        bea.get(&format!("/offers/{offered}")).await.expect(404),
        bea.get(&format!("/offers/{}", OfferId::new())).await.expect(404),
    );
    assert_eq!(other.text(), none.text());
    bea.post(&format!("/offers/{offered}"), &[("answer", "accept")]).await.expect(404);
    assert_eq!(story.state_of(offered).await, "open");
    story.finish().await;
}

//! A bank decides what a practice owes when it cancels. A booking keeps the terms under which it was made; both sides see
//! them before anybody cancels, nobody pays more than they have seen, and what falls due stays on record and is told.

use chrono::TimeDelta;
use locumbank::ground::id::PracticeId;

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::inbox::Received;
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

const USUAL: &str = "24 hours: 100%\n72: 75\n7 days: 20%";

impl Story {
    /// Monday 2 November 2026, 9am: the bank has decided its terms.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let story = Self { world, seed, administrator, manager, practice, ann };
        story.decide(USUAL, "0").await;
        story
    }

    async fn decide(&self, steps: &str, version: &str) {
        let administrator = self.world.signed_in(&self.administrator.email).await;
        let form = [
            ("steps", steps),
            ("short_notice_hours", "168"),
            ("short_notice_steps", "72: 100\n168: 50"),
            ("why", "The practices and the locums agreed"),
            ("version", version),
        ];
        let check = administrator.post("/bank/cancelling/check", &form).await.expect(200);
        check.says("Bookings that are made from now on keep these terms");
        administrator.post("/bank/cancelling", &form).await.expect(303);
    }

    /// An offer of a session of 4 hours 10 minutes on that date, by its link.
    async fn offered(&mut self, date: &str) -> String {
        let session = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
        let (bank, by) = (self.seed.bank, self.administrator.account);
        link_of(&self.world, offer(&self.world, bank, by, session, self.ann.id).await)
    }

    /// Ann's booking on that date: its path.
    async fn booked(&mut self, date: &str) -> String {
        let link = self.offered(date).await;
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        self.world.work().await;
        let newest = "select '/bookings/' || id from booking order by made_at desc, id desc limit 1";
        sqlx::query_scalar(newest).fetch_one(self.seed.connection()).await.expect("the booking")
    }

    /// What fell due for each cancelled booking: by which side, and the pence, on the booking and in its event.
    async fn fallen_due(&mut self) -> Vec<(String, i32, i32)> {
        sqlx::query_as(
            "select b.cancelled_side, b.cancel_fee_pence, (e.detail ->> 'fee_pence')::integer
               from booking b join event e on e.booking_id = b.id and e.kind = 'booking_cancelled'
              order by b.starts_at",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("what fell due")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn steps_that_cannot_be_meant_are_refused_by_line() {
    let story = Story::begin().await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    for (steps, said) in [
        ("24 hours", "“24 hours” must have hours or days before the start and a share of the pay"),
        ("24: 50\n48: 60", "“48 hours: 60%” must cost no more than a step that is nearer to the start"),
        ("24: 120", "“24: 120” must have hours or days"),
    ] {
        let form = [
            ("steps", steps),
            ("short_notice_hours", "0"),
            ("short_notice_steps", ""),
            ("why", "x"),
            ("version", "1"),
        ];
        administrator.post("/bank/cancelling/check", &form).await.expect(422).says(said);
    }
    administrator.get("/bank").await.expect(200).says("Less than 24 hours before the start 100% of the pay");
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/our-bank").await.expect(200).says("less than 7 days before the start 20%");
    story.finish().await;
}

#[tokio::test]
async fn the_practice_owes_what_it_saw_and_the_terms_it_agreed_to() {
    let mut story = Story::begin().await;
    let terms = "Less than 24 hours before the start the practice owes £366.67, less than 3 days before the start £275, less than 7 days before the start £73.33";
    let link = story.offered("2026-11-17").await;
    story.world.visitor().get(&link).await.expect(200).says(terms);
    let booking = story.booked("2026-11-16").await;
    for reader in [story.ann.person.email.clone(), story.manager.email.clone()] {
        let mails = story.world.inbox.of(&reader);
        let confirmed = mails.iter().filter(|mail| mail.header("Subject").starts_with("Booked"));
        assert!(confirmed.map(Received::text).any(|text| text.contains(terms)), "{reader}");
        story.world.signed_in(&reader).await.get(&booking).await.expect(200).says(terms);
    }
    // A later decision touches what is booked later alone.
    story.decide("168: 100", "1").await;
    story
        .world
        .visitor()
        .get(&link)
        .await
        .expect(200)
        .says("Less than 7 days before the start the practice owes £366.67. Earlier");

    // Friday 13 November, 8:15am: 72 hours and a quarter before.
    story.world.app.clock.advance(TimeDelta::minutes(11 * 24 * 60 - 45));
    let manager = story.world.signed_in(&story.manager.email).await;
    let cancel = format!("{booking}/cancel");
    let page = manager.get(&cancel).await.expect(200);
    page.says("If the practice cancels now, it owes £73.33: 20% of the pay");
    page.says("After 8:30am today, it owes £275.");
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get(&cancel).await.expect(200).says("If you cancel, nobody owes anything.");
    assert!(page.body.contains("name=\"fee\" value=\"7333\""));
    // The page was left open while the next step began: nothing happens until the manager has seen the new sum.
    story.world.app.clock.advance(TimeDelta::minutes(16));
    let form = |fee| [("reason", "own_cover"), ("fee", fee)];
    let late = manager.post(&cancel, &form("7333")).await.expect(409);
    late.says("Cancelling costs the practice £275 by now").says("Nothing has been cancelled");
    assert!(story.fallen_due().await.is_empty());
    let done = manager.post(&cancel, &form("27500")).await.expect(303);
    manager.get(&done.location).await.expect(200).says("£275, which the practice owes");
    manager.post(&cancel, &form("27500")).await.expect(409).says("This booking was cancelled");
    story.world.work().await;
    assert_eq!(story.fallen_due().await, [("practice".to_owned(), 27_500, 27_500)]);
    for reader in [&story.ann.person.email, &story.manager.email] {
        let mails = story.world.inbox.of(reader);
        let cancelled = mails.iter().filter(|mail| mail.header("Subject").starts_with("Cancelled"));
        let fee = "Cancellation fee: £275, which the practice owes";
        assert!(cancelled.map(Received::text).any(|text| text.contains(fee)), "{reader}");
    }
    story.finish().await;
}

#[tokio::test]
async fn the_bank_cancels_for_a_practice_and_a_session_is_withdrawn_for_what_was_seen() {
    let mut story = Story::begin().await;
    // Made less than a week ahead: the steps of short notice.
    let one = story.booked("2026-11-05").await;
    let two = story.booked("2026-11-06").await;
    let three = story.booked("2026-11-07").await;
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let desk = format!("/rota{one}/cancel");
    administrator.get(&desk).await.expect(200).says("it owes £366.67: 100% of the pay");
    administrator.post(&desk, &[("reason", "practice.not_needed"), ("fee", "0")]).await.expect(409);
    administrator.post(&desk, &[("reason", "practice.not_needed"), ("fee", "36667")]).await.expect(303);
    // What the bank or the clinician gives up costs nobody anything.
    let other = format!("/rota{three}/cancel");
    administrator.post(&other, &[("reason", "bank.rules_not_met"), ("fee", "18334")]).await.expect(303);

    let manager = story.world.signed_in(&story.manager.email).await;
    let session: String = sqlx::query_scalar(
        "select '/sessions/' || session_id || '/withdraw' from booking where '/bookings/' || id = $1",
    )
    .bind(&two)
    .fetch_one(story.seed.connection())
    .await
    .expect("the session");
    manager.get(&session).await.expect(200).says("it owes £183.34: 50% of the pay");
    manager
        .post(&session, &[("reason", "not_needed"), ("fee", "0")])
        .await
        .expect(409)
        .says("£183.34 by now");
    manager.post(&session, &[("reason", "not_needed"), ("fee", "18334")]).await.expect(303);
    let due = story.fallen_due().await;
    let of = |side: &str, pence| (side.to_owned(), pence, pence);
    assert_eq!(due, [of("practice", 36_667), of("practice", 18_334), of("bank", 0)]);
    story.world.work().await;
    story.finish().await;
}

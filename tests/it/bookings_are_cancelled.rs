//! A booking is cancelled by either side with a reason; both are told, and the session wants somebody again.

use chrono::TimeDelta;
use locumbank::ground::id::{ClinicianId, SessionId};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer, offer_each};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Visitor;

/// What whoever cancels writes of it, which can name an illness.
const NOTE: &str = "My migraine is back";
const OWN_COVER: (&str, &str) = ("own_cover", "The practice covers the session itself");

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Clinician,
    session: SessionId,
    booking: String,
}

impl Story {
    /// Ann is booked at Orchid House on Tuesday 3 November.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
        let offered = offer(&world, seed.bank, administrator.account, session, ann.id).await;
        world
            .visitor()
            .post_without_token(&link_of(&world, offered), &[("answer", "accept")])
            .await
            .expect(303);
        let id: String = sqlx::query_scalar("select id::text from booking")
            .fetch_one(seed.connection())
            .await
            .expect("the booking");
        world.work().await;
        Self { world, seed, administrator, manager, ann, session, booking: format!("/bookings/{id}") }
    }

    async fn cancelled_by(&self, visitor: &Visitor, (reason, text): (&str, &str)) {
        let path = format!("{}/cancel", self.booking);
        visitor.get(&path).await.expect(200).says("Are you sure you want to cancel this booking?");
        visitor.post(&path, &[("reason", " ")]).await.expect(422).says("Select a reason");
        let done = visitor.post(&path, &[("reason", reason), ("note", NOTE)]).await.expect(303);
        assert_eq!(done.location, self.booking);
        visitor.get(&done.location).await.expect(200).says("The booking is cancelled").says(text);
        self.world.work().await;
    }

    async fn offer_again(&self, clinician: ClinicianId) {
        let (bank, by) = (self.seed.bank, self.administrator.account);
        offer_each(&self.world, bank, by, &[(self.session, clinician)])
            .await
            .expect("the session is open again");
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn the_practice_cancels_and_both_calendars_know() {
    let story = Story::begin().await;
    let manager = story.world.signed_in(&story.manager.email).await;
    story.cancelled_by(&manager, OWN_COVER).await;
    let own = story.world.inbox.last_of(&story.ann.person.email);
    assert_eq!(
        own.header("Subject"),
        "Cancelled by the practice: Tue 3 Nov, 8:30am, Orchid House Surgery: GP session"
    );
    let text = own.text();
    assert!(text.contains("cancelled by the practice") && text.contains(OWN_COVER.1));
    assert!(
        text.contains("METHOD:CANCEL") && text.contains("SEQUENCE:1") && text.contains("STATUS:CANCELLED")
    );
    let practice = story.world.inbox.last_of(&story.manager.email);
    assert!(practice.text().contains("The session is open again"));
    let calendar = manager.get(&format!("{}/calendar.ics", story.booking)).await.expect(200);
    assert!(calendar.body.contains("METHOD:CANCEL") && calendar.body.contains("SEQUENCE:1"));
    story.offer_again(story.ann.id).await;
    story.finish().await;
}

/// Who organises a booking, as the database has it.
async fn organiser(story: &mut Story) -> (Option<String>, Option<String>) {
    let statement = "select organiser_name, organiser_address from booking";
    sqlx::query_as(statement).fetch_one(story.seed.connection()).await.expect("the booking")
}

#[tokio::test]
async fn calendars_are_told_by_whoever_told_them_first() {
    let mut story = Story::begin().await;
    let smtp = story.world.app.settings.smtp.clone();
    let today = (Some(smtp.from_name), Some(smtp.from_address.clone()));
    assert_eq!(organiser(&mut story).await, today);

    // An upgrade reads it from the entry that was sent.
    let none = "update booking set organiser_name = null, organiser_address = null";
    sqlx::query(none).execute(story.seed.connection()).await.expect("a booking of the version before");
    let migration = include_str!("../../migrations/0016_booking_organiser.sql");
    let fill =
        migration.split_once("update booking").map(|(_, rest)| format!("update booking{rest}")).unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(story.seed.connection()).await.expect("an upgrade");
    assert_eq!(organiser(&mut story).await, today);

    // Mail came from another address when the booking was made.
    let then = "update booking set organiser_name = 'Old bank', organiser_address = 'old@bank.example'";
    sqlx::query(then).execute(story.seed.connection()).await.expect("an earlier booking");
    let manager = story.world.signed_in(&story.manager.email).await;
    let calendar = format!("{}/calendar.ics", story.booking);
    let wanted = "ORGANIZER;CN=Old bank:mailto:old@bank.example";
    assert!(manager.get(&calendar).await.expect(200).body.contains(wanted));
    story.cancelled_by(&manager, OWN_COVER).await;
    assert!(manager.get(&calendar).await.expect(200).body.contains(wanted));
    for reader in [&story.ann.person.email, &story.manager.email] {
        let mail = story.world.inbox.last_of(reader);
        assert!(mail.text().contains("METHOD:CANCEL") && mail.text().contains(wanted), "{}", mail.text());
        assert!(mail.header("From").contains(&smtp.from_address), "mail comes from today's address");
    }
    story.finish().await;
}

#[tokio::test]
async fn the_clinician_cancels_and_somebody_else_takes_the_session() {
    let mut story = Story::begin().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    story.cancelled_by(&ann, ("cannot_get_there", "Can’t get there")).await;
    ann.get("/bookings").await.expect(200).says("No bookings to come");
    ann.get("/bookings?show=past").await.expect(200).says("Cancelled");
    let practice = story.world.inbox.last_of(&story.manager.email);
    assert!(practice.text().contains("cancelled by the clinician"));
    assert!(practice.text().contains("The session is open again, and the bank has been told."));
    // The session is tomorrow: the bank is told at once, and it alone reads what Ann wrote of herself.
    let bank = story.world.inbox.last_of(&story.administrator.email);
    assert_eq!(bank.header("Subject"), "Somebody is needed: Tue 3 Nov, 8:30am, Orchid House Surgery: GP");
    assert!(bank.text().contains(NOTE) && bank.text().contains("/unfilled-sessions/"), "{}", bank.text());
    for mail in story.world.inbox.all() {
        let is_the_banks = mail.to.contains(&story.administrator.email);
        assert!(is_the_banks || !mail.text().contains("migraine"), "{}", mail.text());
    }
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator.clone()).await;
    story.offer_again(bea.id).await;
    story.finish().await;
}

#[tokio::test]
async fn a_booking_is_cancelled_once_and_not_after_it_began() {
    let story = Story::begin().await;
    let manager = story.world.signed_in(&story.manager.email).await;
    story.cancelled_by(&manager, ("no_room", "The room or the site can’t be used")).await;
    let path = format!("{}/cancel", story.booking);
    assert_eq!(manager.get(&path).await.expect(303).location, story.booking);
    manager.post(&path, &[("reason", "another")]).await.expect(409).says("This booking was cancelled");
    story.finish().await;

    let story = Story::begin().await;
    story.world.app.clock.advance(TimeDelta::hours(24));
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let late = ann.post(&format!("{}/cancel", story.booking), &[("reason", "another")]).await.expect(409);
    late.says("This session has already started");
    story.finish().await;
}

#[tokio::test]
async fn anothers_booking_looks_like_none() {
    let mut story = Story::begin().await;
    let elsewhere = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let stranger = story.seed.practice_manager("Sal Example", &[elsewhere]).await;
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator.clone()).await;
    let mut other_bank = Seed::bank(&story.world, "Other bank").await;
    let far = other_bank.practice("J81001", "Orchid House Surgery").await;
    let foreigner = other_bank.practice_manager("Fay Example", &[far]).await;
    for email in [&stranger.email, &bea.person.email, &foreigner.email] {
        let visitor = story.world.signed_in(email).await;
        let none = visitor.get("/bookings/00000000-0000-7000-8000-000000000000").await.expect(404);
        for path in [
            story.booking.clone(),
            format!("{}/cancel", story.booking),
            format!("{}/calendar.ics", story.booking),
        ] {
            assert_eq!(visitor.get(&path).await.expect(404).text(), none.text(), "{email} {path}");
        }
        visitor.post(&format!("{}/cancel", story.booking), &[("reason", "another")]).await.expect(404);
        visitor.get("/bookings").await.expect(200).does_not_say("Ann Example");
    }
    story.finish().await;
}

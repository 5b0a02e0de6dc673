//! A practice changes a session in which somebody is booked: they are told, calendars update, and whatever must hold
//! still holds.

use locumbank::ground::id::{PracticeId, SessionId};

use crate::every_message::parsed::{CalendarPart, entry_faults, parse};
use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::{Page, Visitor};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    manager: Person,
    ann: Clinician,
    session: SessionId,
    mo: Visitor,
}

impl Story {
    /// Ann is booked at Orchid House on Tuesday 10 November, 8:30am to 12:40pm, for £88 an hour.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let mo = world.signed_in(&manager.email).await;
        let story = Self { world, seed, administrator, practice, manager, ann, session, mo };
        story.books(session, &story.ann).await;
        story.world.work().await;
        story
    }

    async fn books(&self, session: SessionId, clinician: &Clinician) {
        let made =
            offer(&self.world, self.seed.bank, self.administrator.account, session, clinician.id).await;
        let link = link_of(&self.world, made);
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    }

    fn path(&self, what: &str) -> String {
        format!("/sessions/{}/{what}", self.session)
    }

    /// Asks for these hours, as somebody who has asked Ann.
    async fn moves(&self, start: &str, end: &str, status: u16) -> Page {
        let fields = [("start", start), ("end", end), ("agreed", "yes")];
        self.mo.post(&self.path("time"), &fields).await.expect(status)
    }

    /// The calendar part of the last mail to somebody, as Python reads it, and the mail's subject and text.
    fn last_entry(&self, to: &Person, method: &str, sequence: u32) -> (CalendarPart, String, String) {
        let mail = self.world.inbox.last_of(&to.email);
        let mut parsed = parse(&[&mail.raw]).remove(0);
        let part = parsed.calendars.remove(0);
        let attendees = [to.email.clone()];
        assert_eq!(entry_faults(&part, method, sequence, &attendees), Vec::<String>::new());
        (part, mail.header("Subject"), mail.text())
    }

    async fn kept(&mut self) -> (String, String, i32, i32) {
        sqlx::query_as(
            "select to_char(b.starts_at at time zone 'UTC', 'HH24:MI'), to_char(b.ends_at at time zone 'UTC', 'HH24:MI'),
                    b.pay_pence, b.calendar_sequence
               from booking b where b.session_id = $1 and b.state = 'live'",
        )
        .bind(self.session)
        .fetch_one(self.seed.connection())
        .await
        .expect("the booking")
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

fn value<'a>(part: &'a CalendarPart, name: &str) -> &'a str {
    part.properties.iter().find(|it| it.name == name).map(|it| it.value.as_str()).unwrap_or_default()
}

#[tokio::test]
async fn new_notes_reach_who_is_booked_and_their_calendar() {
    let mut story = Story::begin().await;
    let (first, _, _) = story.last_entry(&story.ann.person, "REQUEST", 0);
    let to_practice = story.world.inbox.of(&story.manager.email).len();
    story.mo.get(&story.path("change")).await.expect(200).says("Ann Example will get an email");
    story.mo.post(&story.path("change"), &[("notes", "Report to the back door")]).await.expect(303);
    story.world.work().await;
    let (entry, subject, text) = story.last_entry(&story.ann.person, "REQUEST", 1);
    assert_eq!(subject, "Changed: Tue 10 Nov, 8:30am, Orchid House Surgery: your GP session");
    assert!(text.contains("Notes: Report to the back door") && text.contains("£366.67 in all"), "{text}");
    assert_eq!(value(&entry, "UID"), value(&first, "UID"), "it is the same entry");
    assert_eq!(value(&entry, "DTSTART"), "20261110T083000Z");
    assert!(value(&entry, "DESCRIPTION").contains("Report to the back door"));
    assert_eq!(story.world.inbox.of(&story.manager.email).len(), to_practice, "they wrote it themselves");

    // The same notes again are no news.
    let told = story.world.inbox.all().len();
    story.mo.post(&story.path("change"), &[("notes", "Report to the back door")]).await.expect(303);
    story.world.work().await;
    assert_eq!(story.world.inbox.all().len(), told);
    assert_eq!(story.kept().await, ("08:30".to_owned(), "12:40".to_owned(), 36_667, 1));
    story.finish().await;
}

#[tokio::test]
async fn the_hours_move_by_agreement_and_both_sides_have_them() {
    let mut story = Story::begin().await;
    let form = story.mo.get(&story.path("time")).await.expect(200);
    form.says("Ann Example has agreed to the new time").says("can still cancel");
    form.says("It is paid as core hours, the band in which it begins");
    let unasked = [("start", "9am"), ("end", "2pm")];
    story.mo.post(&story.path("time"), &unasked).await.expect(422).says("Ask Ann Example first");
    let done = story.moves("9am", "2pm", 303).await;
    story.mo.get(&done.location).await.expect(200).says("The time is changed").says("9am to 2pm");
    assert_eq!(story.kept().await, ("09:00".to_owned(), "14:00".to_owned(), 44_000, 1));
    story.world.work().await;
    let (entry, subject, text) = story.last_entry(&story.ann.person, "REQUEST", 1);
    assert_eq!(subject, "Changed: Tue 10 Nov, 9am, Orchid House Surgery: your GP session");
    assert!(
        text.contains("The time was 8:30am to 12:40pm before.") && text.contains("£440 in all"),
        "{text}"
    );
    let times = (value(&entry, "DTSTART"), value(&entry, "DTEND"));
    assert_eq!(times, ("20261110T090000Z", "20261110T140000Z"));
    let (entry, subject, _) = story.last_entry(&story.manager, "REQUEST", 1);
    assert_eq!(subject, "Changed: Tue 10 Nov, 9am, Orchid House Surgery: Ann Example, GP");
    assert_eq!(value(&entry, "DTSTART"), "20261110T090000Z");

    // Moved once more, and given up: each is later than what calendars have.
    story.moves("10am", "2pm", 303).await;
    let id: String = sqlx::query_scalar("select id::text from booking")
        .fetch_one(story.seed.connection())
        .await
        .expect("the booking");
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let page = ann.get(&format!("/bookings/{id}")).await.expect(200);
    page.says("10am to 2pm").says("£352 in all");
    story.world.work().await;
    story.last_entry(&story.ann.person, "REQUEST", 2);
    ann.post(&format!("/bookings/{id}/cancel"), &[("reason", "not_free")]).await.expect(303);
    story.world.work().await;
    for person in [&story.ann.person, &story.manager] {
        let mail = story.world.inbox.last_of(&person.email);
        assert!(
            mail.text().contains("METHOD:CANCEL") && mail.text().contains("SEQUENCE:3"),
            "{}",
            mail.text()
        );
    }
    story.finish().await;
}

#[tokio::test]
async fn a_time_at_which_somebody_could_not_work_is_refused_and_changes_nothing() {
    let mut story = Story::begin().await;
    let far = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let afternoon = story.seed.session(far, "gp", "2026-11-10", "14:00", "18:00").await;
    story.books(afternoon, &story.ann).await;
    story.world.work().await;
    let (before, told) = (story.kept().await, story.world.inbox.all().len());
    for (start, end, words) in [
        ("10am", "2:10pm", "Ann Example can’t work 10am to 2:10pm: they are booked elsewhere then"),
        ("2pm", "1pm", "The end must be after the start"),
        ("7pm", "9pm", "The start must stay within core hours"),
        ("8:30am", "12:40pm", "Enter another time than the session has now"),
        ("nine", "1pm", "start time"),
    ] {
        let page = story.moves(start, end, 422).await;
        page.says(words).does_not_say("Fern Lane");
    }
    assert_eq!(story.kept().await, before);
    story.world.work().await;
    assert_eq!(story.world.inbox.all().len(), told, "nobody was told of anything");
    // Beside the afternoon it fits.
    story.moves("8:45am", "1pm", 303).await;
    assert_eq!(story.kept().await.0, "08:45");
    story.finish().await;
}

#[tokio::test]
async fn offers_stand_for_the_time_they_name() {
    let mut story = Story::begin().await;
    // Ann holds an offer for the afternoon; her morning is moved into it.
    let afternoon = story.seed.session(story.practice, "gp", "2026-11-10", "13:00", "17:00").await;
    offer(&story.world, story.seed.bank, story.administrator.account, afternoon, story.ann.id).await;
    let page = format!("/sessions/{afternoon}/time");
    story.mo.get(&page).await.expect(200).says("An offer is out for this time until");
    story.mo.post(&page, &[("start", "2pm"), ("end", "6pm")]).await.expect(409).says("moved on");
    story.moves("9am", "1:30pm", 303).await;
    story.world.work().await;
    let subjects: Vec<String> =
        story.world.inbox.of(&story.ann.person.email).iter().map(|mail| mail.header("Subject")).collect();
    assert!(subjects.iter().any(|subject| subject.contains("1pm, Orchid House Surgery: ")), "{subjects:?}");
    let state: String = sqlx::query_scalar("select state from offer where session_id = $1")
        .bind(afternoon)
        .fetch_one(story.seed.connection())
        .await
        .expect("the offer");
    assert_eq!(state, "withdrawn", "she could not accept it any more");
    // Nobody holds it now, so the practice moves it as it likes.
    story.mo.post(&page, &[("start", "2pm"), ("end", "6pm")]).await.expect(303);
    story.finish().await;
}

/// What the pages see to, the database sees to without them.
#[tokio::test]
async fn the_database_refuses_what_no_page_would_ask() {
    let mut story = Story::begin().await;
    let other = story.seed.session(story.practice, "gp", "2026-11-10", "13:00", "17:00").await;
    story.books(other, &story.ann).await;
    for (constraint, statement) in [
        (
            "booking_clinician_once_at_a_time",
            "update session set starts_at = starts_at + interval '2 hours', ends_at = ends_at + interval '2 hours'
              where id = $1",
        ),
        ("session_keeps_its_day_while_booked", "update session set local_date = local_date + 1 where id = $1"),
        ("session_keeps_its_day_while_booked", "update session set band = 'evening' where id = $1"),
        (
            "booking_clearance_covers",
            "update session set local_end_date = local_date + 1, ends_at = starts_at + interval '4 hours 20 minutes'
              where id = $1",
        ),
        ("booking_change_has_its_mail", "update session set starts_at = starts_at + interval '5 minutes' where id = $1"),
        ("booking_change_has_its_mail", "update booking set calendar_sequence = 1 where session_id = $1"),
    ] {
        if constraint == "booking_clearance_covers" {
            story.seed.cleared_until(&story.ann, "2026-11-10", &story.administrator).await;
        }
        let refused = sqlx::query(statement).bind(story.session).execute(story.seed.connection()).await;
        let error = refused.expect_err(constraint);
        let named = error.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
        assert_eq!(named.as_deref(), Some(constraint), "{statement}: {error}");
    }
    story.finish().await;
}

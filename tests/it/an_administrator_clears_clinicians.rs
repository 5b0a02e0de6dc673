//! A bank administrator clears clinicians, records their documents, and ends clearances together with the bookings they
//! no longer cover.

use locumbank::ground::id::{BookingId, PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::actions::publish::insert_offers;
use locumbank::work::booking::desk::Desk;
use locumbank::work::booking::offer::OfferToMake;
use locumbank::work::booking::{WayIn, Wish};

use crate::support::inbox::Received;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Visitor;
use crate::support::{World, on_behalf_of};

struct Story {
    seed: Seed,
    administrator: Person,
    visitor: Visitor,
    practice: PracticeId,
    manager: Person,
    clinician: Clinician,
}

async fn begin(world: &World) -> Story {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ad Ministrator").await;
    let practice = seed.practice("Y00001", "Orchid House Surgery").await;
    let manager = seed.practice_manager("Pat Manager", &[practice]).await;
    let clinician = seed.clinician("gp", "Rowan Ash", &administrator).await;
    let visitor = world.signed_in(&administrator.email).await;
    Story { seed, administrator, visitor, practice, manager, clinician }
}

impl Story {
    fn path(&self, step: &str) -> String {
        format!("/clinicians/{}{step}", self.clinician.id)
    }

    async fn session(&mut self, date: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, "08:30", "12:30").await
    }

    async fn book(&mut self, world: &World, date: &str) -> BookingId {
        let session = self.session(date).await;
        let desk = Desk::of(&world.app);
        let wish = Wish {
            session,
            clinician: self.clinician.id,
            way_in: WayIn::Administrator { rate_pence_per_hour: 8_500 },
            key: format!("story {session}"),
        };
        let actor = on_behalf_of(self.seed.bank, self.administrator.account);
        let booked = world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await);
        booked.await.expect("a booking").booking
    }

    async fn live_bookings(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from booking where state = 'live'")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }

    async fn decisions(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from clearance where clinician_id = $1")
            .bind(self.clinician.id)
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }
}

const GOOD: [(&str, &str); 4] =
    [("until-day", "2"), ("until-month", "11"), ("until-year", "2027"), ("reason", "All documents seen")];

fn until(day: &'static str, month: &'static str, year: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("until-day", day),
        ("until-month", month),
        ("until-year", year),
        ("reason", "Seen"),
        ("sure", "yes"),
    ]
}

#[tokio::test]
async fn a_clearance_has_a_last_day_a_reason_and_its_warnings_read() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let (path, visitor) = (story.path("/clear"), story.visitor.clone());
    visitor.post(&path, &GOOD[..3]).await.expect(422).says("Enter a reason");
    visitor.post(&path, &until("1", "11", "2026")).await.expect(422).says("The last day must be today");
    visitor
        .post(&path, &until("3", "11", "2029"))
        .await
        .expect(422)
        .says("nobody is cleared for longer than 3 years");
    let warned = visitor.post(&path, &GOOD).await.expect(422);
    warned.says("No document is recorded.").says("There is no good GMC number.");
    assert_eq!(story.decisions().await, 1, "nothing was decided yet");

    let clinician = story.clinician.clone();
    story.seed.competency(&clinician, "indemnity", Some("2027-03-31")).await;
    let warned = visitor.post(&path, &GOOD).await.expect(422);
    warned.says("Indemnity ends on 31 March 2027, before the clearance.");
    let sure = [&GOOD[..], &[("sure", "yes")]].concat();
    let saved = visitor.post(&path, &sure).await.expect(303);
    let page = visitor.get(&saved.location).await.expect(200);
    page.says("The clearance is saved").says("Until 2 November 2027").says("All documents seen");
    page.says("Ad Ministrator").says("2 November 2028");
    assert_eq!(story.decisions().await, 2);
}

#[tokio::test]
async fn ending_a_clearance_cancels_its_bookings_once_they_have_been_seen() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    story.book(&world, "2026-11-10").await;
    world.work().await;
    let (path, visitor) = (story.path("/end-clearance"), story.visitor.clone());
    visitor.post(&path, &[]).await.expect(422).says("Enter a reason");
    let check = visitor.post(&path, &[("reason", "Registration under review")]).await.expect(200);
    check.says("Nothing has been changed yet").says("Tuesday 10 November 2026").says("Orchid House Surgery");
    assert_eq!((story.live_bookings().await, story.decisions().await), (1, 1));

    let cancel = check.hidden("cancel");
    let confirmed = [("reason", "Registration under review"), ("cancel", cancel.as_str())];
    let done = visitor.post(&path, &confirmed).await.expect(303);
    visitor.get(&done.location).await.expect(200).says("both sides are told").says("Ended 1 November 2026");
    assert_eq!((story.live_bookings().await, story.decisions().await), (0, 2));
    visitor.post(&path, &confirmed).await.expect(409).says("is not cleared");

    world.work().await;
    for address in [&story.clinician.person.email, &story.manager.email] {
        let told = world.inbox.of(address);
        let subjects: Vec<String> = told.iter().map(|mail| mail.header("Subject")).collect();
        let cancelled: Vec<_> = subjects
            .iter()
            .filter(|subject| subject.starts_with("Cancelled by the bank: Tue 10 Nov"))
            .collect();
        assert_eq!(cancelled.len(), 1, "{address}: {subjects:?}");
        let is_cancellation = |mail: &&Received| mail.header("Subject").starts_with("Cancelled by the bank");
        let text = told.iter().find(is_cancellation).expect("a cancellation").text();
        assert!(text.contains("clearance does not cover this session any more"), "{text}");
        assert!(!text.contains("Registration under review"), "the administrator's reason is the bank's own");
    }
    let own = world.inbox.last_of(&story.clinician.person.email);
    assert_eq!(
        own.header("Subject"),
        "Sun 1 Nov, Test bank: your clearance to work as a GP has ended",
        "the clinician is told at once, without the reason"
    );
    assert!(!own.text().contains("Registration under review"));
}

#[tokio::test]
async fn a_booking_made_since_the_question_is_asked_about_again() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let first = story.book(&world, "2026-11-10").await;
    let (path, visitor) = (story.path("/clear"), story.visitor.clone());
    let shorter = until("9", "11", "2026");
    let check = visitor.post(&path, &shorter).await.expect(200);
    check.says("Clear until 9 November 2026 and cancel 1 booking");
    story.book(&world, "2026-11-12").await;
    let first = first.to_string();
    let agreed = [shorter.clone(), vec![("cancel", first.as_str())]].concat();
    let again = visitor.post(&path, &agreed).await.expect(200);
    again.says("Tuesday 10 November 2026").says("Thursday 12 November 2026").says("cancel 2 bookings");
    assert_eq!((story.live_bookings().await, story.decisions().await), (2, 1));
    visitor.post(&path, &until("12", "11", "2026")).await.expect(303);
    assert_eq!(
        (story.live_bookings().await, story.decisions().await),
        (2, 2),
        "its last day covers the booking"
    );
}

#[tokio::test]
async fn open_offers_beyond_the_clearance_are_withdrawn_with_it() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let mut offers = Vec::new();
    for date in ["2026-11-10", "2026-11-20"] {
        let session = story.session(date).await;
        offers.push(OfferToMake {
            session,
            clinician: story.clinician.id,
            rate_pence_per_hour: 8_500,
            pay_pence: 34_000,
            road_metres: 0,
            plan: None,
        });
    }
    let (bank, by) = (story.seed.bank, story.administrator.account);
    let desk = Desk::of(&world.app);
    let actor = on_behalf_of(bank, by);
    let made = world.app.db.change(actor, async |tx| insert_offers(tx, &desk, &offers).await);
    made.await.expect("two offers");
    let path = story.path("/clear");
    story.visitor.post(&path, &until("15", "11", "2026")).await.expect(303);
    let states: Vec<(String, String)> = sqlx::query_as(
        "select s.local_date::text, o.state from offer o join session s on s.id = o.session_id order by 1",
    )
    .fetch_all(story.seed.connection())
    .await
    .expect("the offers");
    let expected = [("2026-11-10", "open"), ("2026-11-20", "withdrawn")];
    assert_eq!(states, expected.map(|(date, state)| (date.to_owned(), state.to_owned())));
}

#[tokio::test]
async fn documents_are_recorded_renewed_and_removed() {
    let world = World::start().await;
    let story = begin(&world).await;
    let (path, visitor) = (story.path("/documents"), story.visitor.clone());
    let dated = |year: &'static str| {
        [
            ("competency", "basic_life_support"),
            ("valid-day", "1"),
            ("valid-month", "11"),
            ("valid-year", year),
        ]
    };
    visitor.post(&path, &dated("2026")).await.expect(303);
    visitor
        .get(&story.path(""))
        .await
        .expect(200)
        .says("Basic life support Last day 1 November 2026")
        .says("Ended");
    visitor.post(&path, &dated("2027")).await.expect(303);
    visitor
        .get(&story.path(""))
        .await
        .expect(200)
        .says("Basic life support Last day 1 November 2027")
        .says("In date");
    visitor
        .post(&path, &[("competency", "passport"), ("forever", "yes")])
        .await
        .expect(422)
        .says("Select what you have seen");
    visitor.post(&path, &[("competency", "indemnity")]).await.expect(422).says("Enter a last day");
    let form = visitor.get(&story.path("/documents/new?competency=basic_life_support")).await.expect(200);
    form.says("Its last day is 1 November 2027").says("Remove Basic life support");
    let gone = [("competency", "basic_life_support")];
    visitor.post(&story.path("/documents/remove"), &gone).await.expect(303);
    visitor.post(&story.path("/documents/remove"), &gone).await.expect(404);
    visitor.get(&story.path("")).await.expect(200).says("No document is recorded yet");
}

#[tokio::test]
async fn clinicians_are_found_by_name_role_and_standing() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let administrator = story.administrator.clone();
    let nurse = story.seed.clinician("practice_nurse", "Hazel Birch", &administrator).await;
    story.seed.cleared_until(&nurse, "2026-11-20", &administrator).await;
    let find = async |query: &str| story.visitor.get(&format!("/clinicians?{query}")).await.expect(200);
    find("").await.says("2 clinicians").says("Hazel Birch").says("Rowan Ash");
    find("search=HAZEL").await.says("1 clinician").says("Hazel Birch").does_not_say("Rowan Ash");
    find("search=100%25").await.says("No clinician found");
    find("role=gp").await.says("Rowan Ash").does_not_say("Hazel Birch");
    find("state=soon").await.says("Hazel Birch").says("Until 20 November 2026").does_not_say("Rowan Ash");
    find("state=none").await.says("No clinician found");
    find("page=7").await.says("Rowan Ash");
}

#[tokio::test]
async fn another_banks_administrator_sees_and_changes_nothing() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let mut elsewhere = Seed::bank(&world, "Another bank").await;
    let stranger = elsewhere.person(PersonKind::BankAdministrator, "Other Administrator").await;
    let stranger = world.signed_in(&stranger.email).await;
    stranger.get("/clinicians").await.expect(200).says("No clinicians yet").does_not_say("Rowan Ash");
    let nobody = stranger.get(&format!("/clinicians/{}", uuid::Uuid::nil())).await.expect(404);
    for step in ["", "/clear", "/end-clearance", "/documents/new"] {
        let page = stranger.get(&story.path(step)).await.expect(404);
        assert_eq!(page.text(), nobody.text(), "{step}");
    }
    let sure = [&GOOD[..], &[("sure", "yes"), ("competency", "indemnity"), ("forever", "yes")]].concat();
    for step in ["/clear", "/end-clearance", "/documents", "/documents/remove"] {
        stranger.post(&story.path(step), &sure).await.expect(404);
    }
    assert_eq!(story.decisions().await, 1);
    let clinician = world.signed_in(&story.clinician.person.email).await;
    clinician.get("/clinicians").await.expect(404);
}

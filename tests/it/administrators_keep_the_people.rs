//! A bank's administrators see who acts in it, let people do more, and end what they do; the bank keeps an administrator,
//! whoever ends whom.

use locumbank::ground::actor::Actor;
use locumbank::ground::facts::FactError;
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::membership::actions::{
    MembershipError, add_membership, end_membership, end_sign_ins_of_person,
};
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};

use crate::support::desk::{assert_sound, offer, rounds};
use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::{Visitor, on_behalf_of};

struct Story {
    opening: Opening,
    abi: Visitor,
}

impl Story {
    async fn begin() -> Self {
        let opening = Opening::begin().await;
        let abi = opening.world.signed_in(&opening.administrator.email).await;
        Self { opening, abi }
    }

    async fn log(&mut self) -> Vec<(String, bool)> {
        let (by, connection) = (self.opening.administrator.account, self.opening.seed.connection());
        let lines: Vec<(String, bool)> = sqlx::query_as(
            "select action, account_id = $1 from audit_event where action ~ '^(membership|sign_in)' order by position",
        )
        .bind(by)
        .fetch_all(connection)
        .await
        .expect("the log");
        lines
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.opening.seed.connection()).await.expect(statement)
    }
}

fn member(seed: &Seed, person: &Person, kind: PersonKind) -> Actor {
    Actor::Member { account: person.account, bank: seed.bank, membership: person.membership, kind }
}

fn end_form(person: &Person) -> String {
    person.membership.to_string()
}

#[tokio::test]
async fn people_are_found_by_name_kind_and_state_with_when_they_last_signed_in() {
    let mut story = Story::begin().await;
    let cas = story.opening.seed.person(PersonKind::Commissioner, "Cas O’Neill").await;
    let form = [("kind", "commissioner"), ("people", "Dee Example <dee@people.test>")];
    story.abi.post("/invitations", &form).await.expect(303);
    let page = story.abi.get("/people").await.expect(200);
    page.says("4 entries").says("Cas O’Neill").says("Dee Example").says("Invited").says("Joined");
    page.says("Last signed in today at 9am");
    story.abi.get("/people?search=oneill").await.says("1 entry ").says("Cas O’Neill");
    story.abi.get("/people?search=dee%40people").await.says("1 entry ").says("Dee Example");
    story.abi.get("/people?kind=clinician").await.says("1 entry ").says("Ann Example");
    story.abi.get("/people?state=invited").await.says("1 entry ").does_not_say("Cas");
    story.abi.get("/people?state=ended").await.says("Nobody found");
    story.abi.get("/people?search=%25").await.says("Nobody found");
    let one = story.abi.get(&format!("/people/{}", cas.account)).await.expect(200);
    one.says("Cas O’Neill").says("Commissioner").says("Since 2 November 2026").says("in no browsers now");

    let other =
        Seed::bank(&story.opening.world, "Other bank").await.person(PersonKind::Commissioner, "Eve").await;
    story.abi.get(&format!("/people/{}", other.account)).await.expect(404);
    story.abi.get("/people?search=Eve").await.says("Nobody found");
    story.opening.world.stop().await;
}

#[tokio::test]
async fn somebody_who_acts_no_more_can_do_nothing_and_may_come_back() {
    let mut story = Story::begin().await;
    let (practice, world) = (story.opening.practice, &story.opening.world);
    let mo = story.opening.seed.practice_manager("Mo Example", &[practice]).await;
    let visitor = world.signed_in(&mo.email).await;
    visitor.get("/sessions").await.expect(200);
    let path = format!("/people/{}", mo.account);
    let asked = story.abi.get(&format!("{path}/end?membership={}", end_form(&mo))).await.expect(200);
    asked.says("They can do nothing here as a practice manager any more");
    asked.says("Nobody else manages Orchid House Surgery");
    let id = end_form(&mo);
    let form = [("membership", id.as_str())];
    let ended = story.abi.post(&format!("{path}/end"), &form).await.expect(303);
    story.abi.get(&ended.location).await.expect(200).says("From 2 November 2026 to 2 November 2026");
    assert!(visitor.get("/sessions").await.expect(303).location.starts_with("/sign-in"));
    let right = [("email", mo.email.as_str()), ("password", PASSWORD)];
    world
        .visitor()
        .post_without_token("/sign-in", &right)
        .await
        .expect(422)
        .says("You act in no bank any more");
    story.abi.post(&format!("{path}/end"), &form).await.expect(409).says("do not act here as this any more");
    story.abi.get("/people?state=ended").await.says("Mo Example");
    story.opening.world.work().await;
    let mail = story.opening.world.inbox.last_of(&mo.email);
    assert_eq!(
        mail.header("Subject"),
        "Test bank: you no longer act as a practice manager of Orchid House Surgery"
    );

    story.abi.post(&path, &[("kind", "practice_manager")]).await.expect(422).says("by ODS code or name");
    story.abi.post(&path, &[("kind", "clinician")]).await.expect(422).says("Select what they are to do");
    let again = [("kind", "practice_manager"), ("practices", "J81001")];
    story.abi.post(&path, &again).await.expect(303);
    story.abi.post(&path, &[("kind", "commissioner")]).await.expect(303);
    let page = story.abi.get(&path).await.expect(200);
    page.says("Mo Example can act as a commissioner now").says("Orchid House Surgery");
    story.opening.world.signed_in(&mo.email).await;
    story.opening.world.work().await;
    let mails = story.opening.world.inbox.of(&mo.email);
    let subjects: Vec<String> = mails.iter().map(|mail| mail.header("Subject")).collect();
    for what in ["a commissioner", "a practice manager of Orchid House Surgery"] {
        assert!(subjects.contains(&format!("Test bank: you can act as {what}")), "{subjects:?}");
    }
    let by_abi = |action: &str| (action.to_owned(), true);
    assert_eq!(
        story.log().await,
        [by_abi("membership.ended"), by_abi("membership.begun"), by_abi("membership.begun")]
    );
    assert_eq!(story.count("select count(*) from event where kind = 'person_left'").await, 1);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn what_relied_on_a_clinician_ends_with_them_once_it_was_seen() {
    let mut story = Story::begin().await;
    let Opening { world, seed, administrator, practice, ann } = &mut story.opening;
    let offered = seed.session(*practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let booked = seed.session(*practice, "gp", "2026-11-11", "08:30", "12:40").await;
    offer(world, seed.bank, administrator.account, offered, ann.id).await;
    let made = offer(world, seed.bank, administrator.account, booked, ann.id).await;
    let desk = Desk::of(&world.app);
    let wish =
        Wish { session: booked, clinician: ann.id, way_in: WayIn::Offer(made), key: "story".to_owned() };
    let herself = on_behalf_of(seed.bank, ann.person.account);
    world.app.db.change(herself, async |tx| book(tx, &desk, &wish).await).await.expect("a booking");

    let path = format!("/people/{}/end", ann.person.account);
    let id = end_form(&ann.person);
    story.abi.get(&format!("{path}?membership={id}")).await.expect(200).says("You see which before");
    let asked = story.abi.post(&path, &[("membership", &id)]).await.expect(200);
    asked.says("1 offer ends").says("1 booking has to be looked at").says("Orchid House Surgery");
    assert_eq!(story.count("select count(*) from membership where ended_at is not null").await, 0);
    let seen = asked.hidden("seen");
    story.abi.post(&path, &[("membership", &id), ("seen", &seen)]).await.expect(303);
    assert_eq!(story.count("select count(*) from offer where state = 'withdrawn'").await, 1);
    story
        .abi
        .get("/bookings-to-look-at")
        .await
        .says("Ann Example")
        .says("Does not work with the bank any more");
    assert_sound(story.opening.seed.connection()).await;
    story.opening.world.work().await;
    let mails = story.opening.world.inbox.of(&story.opening.ann.person.email);
    assert!(mails.iter().any(|mail| mail.text().contains("the bank gets in touch with you about it")));

    // She comes back with her record, and her booking is lawful again.
    let person = format!("/people/{}", story.opening.ann.person.account);
    story.abi.post(&person, &[("kind", "clinician")]).await.expect(303);
    assert_eq!(story.count("select count(*) from booking_flag").await, 0);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let mut story = Story::begin().await;
    let abi = story.opening.administrator.clone();
    let path = format!("/people/{}", abi.account);
    story.abi.get(&path).await.expect(200).says("The last administrator of the bank");
    let id = end_form(&abi);
    let form = [("membership", id.as_str())];
    story.abi.get(&format!("{path}/end?membership={}", abi.membership)).await.expect(409);
    story.abi.post(&format!("{path}/end"), &form).await.expect(409).says("A bank keeps an administrator");
    // The database refuses it, whatever a page or a program says.
    let refused = sqlx::query("update membership set ended_at = now() where id = $1")
        .bind(abi.membership)
        .execute(story.opening.seed.connection())
        .await
        .expect_err("it is refused");
    assert!(refused.to_string().contains("no administrator"), "{refused}");
    let other = story.opening.seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    let both = sqlx::query("update membership set ended_at = now() where id = any($1)")
        .bind([abi.membership, other.membership])
        .execute(story.opening.seed.connection())
        .await;
    assert!(both.is_err(), "both at once");
    story.abi.post(&format!("{path}/end"), &form).await.expect(303);
    assert_eq!(story.abi.get("/people").await.expect(303).location, "/sign-in?next=%2Fpeople");
    story.opening.world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_end_each_other_at_the_same_moment_leave_one() {
    let Opening { world, mut seed, administrator: mut abi, .. } = Opening::begin().await;
    for round in 0..rounds(8, 200) {
        let bo = seed.person(PersonKind::BankAdministrator, "Bo Example").await;
        let reliants = world.app.reliants();
        let ends = async |by: &Person, whom: &Person| {
            let actor = member(&seed, by, PersonKind::BankAdministrator);
            let (account, id) = (whom.account, whom.membership);
            world.app.db.change(actor, async |tx| end_membership(tx, &reliants, account, id).await).await
        };
        let (one, other) = tokio::join!(ends(&abi, &bo), ends(&bo, &abi));
        let refused = |error: &MembershipError| matches!(error, MembershipError::LastAdministrator);
        match (one, other) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) if refused(&error) => {}
            outcomes => panic!("round {round}: {outcomes:?}"),
        }
        let left: Vec<(locumbank::ground::id::MembershipId,)> = sqlx::query_as(
            "select id from membership where kind = 'bank_administrator' and ended_at is null",
        )
        .fetch_all(seed.connection())
        .await
        .expect("those who are left");
        assert_eq!(left.len(), 1, "round {round}");
        if left[0].0 == bo.membership {
            abi = bo;
        }
    }
    world.stop().await;
}

/// The positive control of the story above: without the guard of the database both are gone.
#[tokio::test(flavor = "multi_thread")]
async fn without_its_guard_a_bank_loses_every_administrator() {
    let Opening { world, mut seed, administrator: abi, .. } = Opening::begin().await;
    let bo = seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    sqlx::query("drop trigger bank_keeps_an_administrator on membership")
        .execute(seed.connection())
        .await
        .expect("no guard");
    let reliants = world.app.reliants();
    for (by, whom) in [(&abi, &bo), (&bo, &abi)] {
        let actor = member(&seed, by, PersonKind::BankAdministrator);
        let (account, id) = (whom.account, whom.membership);
        let ended = world.app.db.change(actor, async |tx| end_membership(tx, &reliants, account, id).await);
        ended.await.expect("it is ended");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_person_is_signed_out_everywhere_by_an_administrator() {
    let mut story = Story::begin().await;
    let ann = story.opening.ann.person.clone();
    let (phone, desk) =
        (story.opening.world.signed_in(&ann.email).await, story.opening.world.signed_in(&ann.email).await);
    let path = format!("/people/{}", ann.account);
    story.abi.get(&path).await.expect(200).says("in 2 browsers now");
    let done = story.abi.post(&format!("{path}/sign-out"), &[]).await.expect(303);
    story.abi.get(&done.location).await.says("They are signed out everywhere").says("in no browsers now");
    for browser in [phone, desk] {
        browser.get("/offers").await.expect(303);
    }
    assert_eq!(story.log().await, [("sign_in.ended_for_person".to_owned(), true)]);
    story.opening.world.signed_in(&ann.email).await;
    story.opening.world.stop().await;
}

#[tokio::test]
async fn people_of_another_bank_are_not_there() {
    let Opening { world, mut seed, administrator, ann, .. } = Opening::begin().await;
    let mut elsewhere = Seed::bank(&world, "Other bank").await;
    let eve = elsewhere.person(PersonKind::Commissioner, "Eve Example").await;
    let abi = member(&seed, &administrator, PersonKind::BankAdministrator);
    let reliants = world.app.reliants();
    let db = &world.app.db;
    let added = (PersonKind::Commissioner, &[][..]);
    let add = db.change(abi, async |tx| add_membership(tx, &reliants, eve.account, added).await).await;
    assert!(matches!(add, Err(MembershipError::NotFound)), "{add:?}");
    let end =
        async |account, id| db.change(abi, async |tx| end_membership(tx, &reliants, account, id).await).await;
    for (account, id) in [(eve.account, eve.membership), (ann.person.account, eve.membership)] {
        let ended = end(account, id).await;
        assert!(matches!(ended, Err(MembershipError::NotFound)), "{ended:?}");
    }
    let out = db.change(abi, async |tx| end_sign_ins_of_person(tx, eve.account).await).await;
    assert!(matches!(out, Err(MembershipError::NotFound)), "{out:?}");
    // Whoever has agreed to less than what falls changes nothing.
    let session = {
        let practice = seed.practice("K81001", "Fern Lane").await;
        seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await
    };
    offer(&world, seed.bank, administrator.account, session, ann.id).await;
    let shy = world.app.reliants().with_consent_to("");
    let (account, id) = (ann.person.account, ann.person.membership);
    let ended = db.change(abi, async |tx| end_membership(tx, &shy, account, id).await).await;
    assert!(matches!(ended, Err(MembershipError::Reliance(FactError::AskFirst(_)))), "{ended:?}");
    world.stop().await;
}

//! What a role needs is decided on a page, after it was seen whom that keeps from work, which offers end, and which bookings
//! have to be looked at.

use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::desk::offer;
use crate::support::seed::{Person, Seed};
use crate::support::visitor::Visitor;

const FROM_MARCH: [(&str, &str); 5] = [
    ("role", "gp"),
    ("document", "indemnity"),
    ("from-day", "1"),
    ("from-month", "3"),
    ("from-year", "2027"),
];

async fn begin(world: &World) -> (Seed, Person, Visitor) {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    for (name, until) in
        [("Has It", Some("2027-12-31")), ("Ends First", Some("2027-02-28")), ("Has None", None)]
    {
        let clinician = seed.clinician("gp", name, &administrator).await;
        if let Some(until) = until {
            seed.competency(&clinician, "indemnity", Some(until)).await;
        }
    }
    seed.clinician("practice_nurse", "Nur Se", &administrator).await;
    let abi = world.signed_in(&administrator.email).await;
    (seed, administrator, abi)
}

async fn needs(seed: &mut Seed) -> Vec<(String, String, String, bool)> {
    sqlx::query_as("select role, competency, valid_from::text, decided_by is not null from role_requirement order by 1, 2")
        .fetch_all(seed.connection())
        .await
        .expect("what roles need")
}

#[tokio::test]
async fn a_need_is_shown_with_its_effect_and_then_decided() {
    let world = World::start().await;
    let (mut seed, _, abi) = begin(&world).await;
    abi.get("/clinicians").await.expect(200).address("/needs");
    abi.get("/needs").await.expect(200).says("No role needs a document");
    abi.get("/needs/new").await.expect(200);
    let nothing = abi.post("/needs/check", &[]).await.expect(422);
    nothing.says("Select a role").says("Select a document").says("Enter a first day");
    let past = [&FROM_MARCH[..4], &[("from-year", "2026")]].concat();
    abi.post("/needs/check", &past).await.expect(422).says("The first day must be from 2 November 2026");
    let skill = [&[("role", "gp"), ("document", "coil_fitting")], &FROM_MARCH[2..]].concat();
    abi.post("/needs/check", &skill).await.expect(422).says("Select a document");

    let check = abi.post("/needs/check", &FROM_MARCH).await.expect(200);
    check.says("GP needs indemnity from 1 March 2027");
    check.says("2 of 3 people would no longer be cleared from 1 March 2027.");
    check.says("Ends First The document Ends on 28 February 2027").says("Has None The document Not recorded");
    check.does_not_say("Has It").does_not_say("Nur Se");
    assert!(needs(&mut seed).await.is_empty(), "nothing is decided yet");
    let done = abi.post("/needs", &FROM_MARCH).await.expect(303);
    abi.get(&done.location).await.says("What the role needs is saved").says("From 1 March 2027");
    let gp = ("gp".to_owned(), "indemnity".to_owned(), "2027-03-01".to_owned(), true);
    assert_eq!(needs(&mut seed).await, [gp]);

    let ending = abi.get("/needs").await.address("/needs/end?");
    abi.get(&ending).await.expect(200).says("GP: Indemnity");
    let pair = &FROM_MARCH[..2];
    let done = abi.post("/needs/end", pair).await.expect(303);
    abi.get(&done.location).await.says("The role needs that document no longer");
    abi.post("/needs/end", pair).await.expect(409).says("does not need that document");
    assert!(needs(&mut seed).await.is_empty());
    let log: Vec<String> =
        sqlx::query_scalar("select action from audit_event where action like 'role.%' order by position")
            .fetch_all(seed.connection())
            .await
            .expect("the log");
    assert_eq!(log, ["role.need_decided", "role.need_ended"]);
    world.stop().await;
}

#[tokio::test]
async fn offers_that_end_with_a_need_are_shown_first() {
    let world = World::start().await;
    let (mut seed, administrator, abi) = begin(&world).await;
    let practice = seed.practice("Y00001", "Orchid House Surgery").await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    let session = seed.session(practice, "gp", "2026-11-20", "08:30", "12:40").await;
    offer(&world, seed.bank, administrator.account, session, ann.id).await;
    let soon =
        [&FROM_MARCH[..2], &[("from-day", "10"), ("from-month", "11"), ("from-year", "2026")]].concat();
    let asked = abi.post("/needs", &soon).await.expect(200);
    asked.says("Nothing has been changed yet").says("1 offer ends").says("Ann Example");
    assert!(needs(&mut seed).await.is_empty());
    let seen = asked.hidden("seen");
    abi.post("/needs", &[&soon[..], &[("seen", "of something else")]].concat()).await.expect(200);
    abi.post("/needs", &[&soon[..], &[("seen", seen.as_str())]].concat()).await.expect(303);
    assert_eq!(needs(&mut seed).await.len(), 1);
    let open: i64 = sqlx::query_scalar("select count(*) from offer where state = 'open'")
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(open, 0);
    world.stop().await;
}

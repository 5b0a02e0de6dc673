//! A bank sets terms of use: who joins accepts them before, everybody else at their next sign-in; the version and the moment
//! stay on record. And the notices say what is true.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::agreement::actions::{NotAccepted, accept_terms};

use crate::architecture::source::project;
use crate::people_are_invited::link_in;
use crate::support::desk::{link_of, offer};
use crate::support::opening::Opening;
use crate::support::{Visitor, on_behalf_of};

const NEW_PASSWORD: &str = "lantern osprey gravel teapot";

/// An administrator sets this text as the next version.
async fn sets_terms(administrator: &Visitor, text: &str, seen: &str) {
    let form = [("text", text), ("why", "Agreed"), ("version", seen)];
    administrator.post("/bank/terms/check", &form).await.expect(200).says("next sign in");
    administrator.post("/bank/terms", &form).await.expect(303);
}

#[tokio::test]
async fn everybody_is_asked_once_a_version_and_loses_nothing() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let abi = world.signed_in(&administrator.email).await;
    let signed_in_before = world.signed_in(&ann.person.email).await;
    signed_in_before.get("/terms-of-use").await.expect(200).says("Test bank has set none");
    world.app.clock.advance(TimeDelta::minutes(1));
    sets_terms(&abi, "Come on time.\n\nTell the practice when you can’t.", "0").await;
    world.app.clock.advance(TimeDelta::minutes(1));
    signed_in_before.get("/availability").await.expect(200);
    abi.get("/bank").await.expect(200).says("Come on time.");

    let mut later = world.visitor();
    later.sign_in_to(&ann.person.email, "/terms-of-use").await;
    let asked = later.get("/availability?week=2").await.expect(303);
    assert_eq!(asked.location, "/terms-of-use?next=%2Favailability%3Fweek%3D2");
    let page = later.get(&asked.location).await.expect(200);
    page.says("Come on time.").says("Version 1, of 2 November 2026").says("Accept and go on");
    // A link of an offer asks for nothing more, and a page that was open before loses no form.
    let session = seed.session(practice, "gp", "2026-11-10", "09:00", "12:00").await;
    let made = offer(&world, seed.bank, administrator.account, session, ann.id).await;
    world.visitor().post_without_token(&link_of(&world, made), &[("answer", "accept")]).await.expect(303);
    later
        .post("/me/practices", &[("practice", &practice.to_string()), ("kind", "preferred")])
        .await
        .expect(303);

    let accept = [("version", "1"), ("next", "/availability?week=2")];
    assert_eq!(later.post("/terms-of-use", &accept).await.expect(303).location, "/availability?week=2");
    assert_eq!(later.post("/terms-of-use", &accept).await.expect(303).location, "/availability?week=2");
    later.get("/availability").await.expect(200);
    later
        .get("/terms-of-use")
        .await
        .expect(200)
        .says("You accepted this version on")
        .does_not_say("Accept and go on");
    world.app.clock.advance(TimeDelta::minutes(1));
    world.signed_in(&ann.person.email).await.get("/availability").await.expect(200);

    sets_terms(&abi, "Come early.", "1").await;
    later.post("/terms-of-use", &accept).await.expect(409).says("have changed meanwhile");
    world.app.clock.advance(TimeDelta::minutes(1));
    let mut again = world.visitor();
    again.sign_in_to(&ann.person.email, "/terms-of-use").await;
    again.get("/availability").await.expect(303);
    again.post("/terms-of-use", &[("version", "2"), ("next", "https://evil.example")]).await.expect(303);
    again.get("/availability").await.expect(200);
    let versions: Vec<i32> = sqlx::query_scalar("select version from terms_accepted order by version")
        .fetch_all(seed.connection())
        .await
        .expect("what was accepted");
    let logged: i64 = sqlx::query_scalar("select count(*) from audit_event where action = 'terms.accepted'")
        .fetch_one(seed.connection())
        .await
        .expect("the log");
    assert_eq!((versions, logged), (vec![1, 2], 2), "pressed twice, it is accepted once");
    world.work().await;
    world.stop().await;
}

#[tokio::test]
async fn who_joins_accepts_before() {
    let Opening { world, mut seed, administrator, .. } = Opening::begin().await;
    let abi = world.signed_in(&administrator.email).await;
    sets_terms(&abi, "Come on time.", "0").await;
    world
        .visitor()
        .get("/join/test-bank/terms")
        .await
        .expect(200)
        .says("Come on time.")
        .does_not_say("Accept");
    let form = [("kind", "commissioner"), ("people", "cora@people.test")];
    abi.post("/invitations", &form).await.expect(303);
    world.work().await;
    let link = link_in(&world, "cora@people.test");
    let mut cora = world.visitor();
    let form = [("name", "Cora Example"), ("password", NEW_PASSWORD)];
    cora.join(&link, &form).await.expect(422).says("Read the terms of use, and accept them to join");
    let accepted = [&form[..], &[("terms", "1")]].concat();
    assert_eq!(cora.join(&link, &accepted).await.location, "/fill-rate");
    cora.get("/fill-rate").await.expect(200);
    let count: i64 = sqlx::query_scalar("select count(*) from terms_accepted where version = 1")
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(count, 1);
    world.stop().await;
}

#[tokio::test]
async fn only_what_is_in_force_is_accepted() {
    let Opening { world, seed, administrator, .. } = Opening::begin().await;
    let (account, bank, membership) = (administrator.account, seed.bank, administrator.membership);
    let member = Actor::Member { account, bank, membership, kind: PersonKind::BankAdministrator };
    let done = world.app.db.change(member, async |tx| accept_terms(tx, 1).await).await;
    assert!(matches!(done, Err(NotAccepted::NotInForce)), "{done:?}");
    let nobody = on_behalf_of(bank, account);
    let done = world.app.db.change(nobody, async |tx| accept_terms(tx, 1).await).await;
    assert!(matches!(done, Err(NotAccepted::Nobody)), "{done:?}");
    world.stop().await;
}

#[tokio::test]
async fn the_notices_are_filled_from_what_the_bank_has_set() {
    let Opening { world, mut seed, administrator, .. } = Opening::begin().await;
    let abi = world.signed_in(&administrator.email).await;
    let visitor = world.visitor();
    for notice in ["/accessibility", "/privacy", "/cookies"] {
        assert_eq!(
            visitor.get("/sign-in").await.address(notice),
            notice,
            "the foot of every page leads there"
        );
    }
    visitor.get("/privacy").await.expect(200).says("Test bank").says("ico.org.uk").says("article 6(1)(b)");
    let form = [
        ("controller", "NHS Vale"),
        ("contact", "The data protection officer"),
        ("email", "dpo@vale.example"),
        ("bases", "Because the Vale says so."),
        ("kept", "Bookings: six years."),
        ("why", "Agreed"),
        ("version", "0"),
    ];
    abi.post("/bank/privacy/check", &form).await.expect(200);
    abi.post("/bank/privacy", &form).await.expect(303);
    let page = visitor.get("/privacy").await.expect(200);
    page.says("NHS Vale").says("The data protection officer, dpo@vale.example");
    page.says("Because the Vale says so.").says("Bookings: six years.").does_not_say("article 6(1)(b)");

    let elsewhere = crate::support::seed::Seed::bank(&world, "Other bank").await;
    visitor.get("/privacy").await.expect(200).says("Other bank").says("Test bank");
    abi.get("/privacy").await.expect(200).says("Test bank").does_not_say("Other bank");
    drop(elsewhere);
    let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
    world.signed_in(&commissioner.email).await.get("/accessibility").await.expect(200).says("Test bank");
    world.stop().await;
}

/// Every cookie that the code names stands in the notice, and the notice names no other.
#[tokio::test]
async fn the_notice_names_every_cookie_there_is() {
    let Opening { world, .. } = Opening::begin().await;
    let notice = world.visitor().get("/cookies").await.expect(200).text();
    let names = |text: &str| {
        let rest = text.split("__Host-").skip(1);
        let name = |rest: &str| {
            let letters = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_');
            letters.collect::<String>()
        };
        rest.map(name).filter(|name| !name.is_empty()).collect::<std::collections::BTreeSet<String>>()
    };
    let sources = project(&["src"], "rs");
    let code: String = sources.iter().map(|source| source.text.as_str()).collect();
    assert_eq!(names(&notice), names(&code));
    assert_eq!(names(&notice).len(), 3);
    world.stop().await;
}

//! Somebody gets a copy of what is held about them, and has it erased: afterwards a dump of the database, searched byte by
//! byte, has their name and address nowhere but in what the law keeps, which the page has listed; and the figures are as
//! they were.

pub(crate) mod dump;
mod life;

use std::io::{Cursor, Read as _};

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::audit::jobs::{compare_with_seals, seal_log};
use locumbank::ground::audit::seal::Verdict;
use locumbank::ground::sign_in::PersonKind;
use reqwest::Method;
use serde_json::Value;

use self::dump::{has, mentions};
use self::life::{Life, NAME};
use crate::support::seed::PASSWORD;
use crate::support::{Visitor, mail_to};

/// The file that a form gives, with the fields and the person's token.
pub(crate) async fn fetched(visitor: &Visitor, path: &str) -> Vec<u8> {
    let form = [("password", PASSWORD), ("csrf_token", visitor.form_token())];
    let response = visitor.request(Method::POST, path).form(&form).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"what-is-held.zip\"");
    response.bytes().await.expect("a file").to_vec()
}

/// What a file of an archive says.
pub(crate) fn entry(archive: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut bytes = Vec::new();
    archive.by_name(name).expect(name).read_to_end(&mut bytes).expect("a file");
    bytes
}

#[tokio::test]
async fn a_copy_has_everything_that_is_held_and_is_its_persons_alone() {
    let mut life = Life::lived().await;
    let visitor = life.world.signed_in_anywhere(&life.person.person.email).await;
    visitor.get("/your-data").await.expect(200).says("Make a copy");
    visitor.post("/your-data", &[]).await.expect(303);
    visitor.post("/your-data", &[]).await.expect(303);
    assert_eq!(life.count("select count(*) from data_export").await, 1, "one is made at a time");
    let early = visitor.post("/your-data/fetch", &[("password", PASSWORD)]).await;
    assert_eq!(early.status, 404, "it is not made yet");
    life.world.work().await;
    let told = life.world.inbox.last_of(&life.person.person.email);
    assert!(told.text().contains("/your-data"), "{}", told.text());
    visitor.get("/your-data").await.expect(200).says("it can be fetched until");
    visitor.post("/your-data/fetch", &[("password", "wrong")]).await.expect(422).says("Check your password");

    let archive = fetched(&visitor, "/your-data/fetch").await;
    let json: Value = serde_json::from_slice(&entry(&archive, "data.json")).expect("JSON");
    let headings: Vec<&str> = json["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .filter(|part| part["rows"].as_array().is_some_and(|rows| !rows.is_empty()))
        .map(|part| part["heading"].as_str().expect("a heading"))
        .collect();
    for heading in [
        "Your account",
        "Your bookings",
        "Offers made to you",
        "Sessions you asked for",
        "Mail to you",
        "Your alerts",
        "What you said of yourself",
        "Documents you handed in",
        "Until when you were cleared",
        "When you were not cleared",
        "What the log says you did",
        "What you do, and where",
        "Your quiet hours",
        "Your weekly hours",
    ] {
        assert!(headings.contains(&heading), "{heading} is not in {headings:?}");
    }
    let page = String::from_utf8(entry(&archive, "data.html")).expect("a page");
    let name = NAME.replace('\'', "&#39;");
    for words in [&name, &life.person.person.email, "BH23 4", "Orchid House Surgery", "I know the place"] {
        assert!(page.contains(words), "{words} is not on the page");
    }
    // Neither what others said in confidence, nor mail to others, nor what would let somebody act as them.
    for words in ["quarrelled", "Booked for you", "argon2"] {
        assert!(!page.contains(words), "{words} is on the page");
    }
    let document: String = sqlx::query_scalar("select id::text from document")
        .fetch_one(life.seed.connection())
        .await
        .expect("one");
    assert_eq!(entry(&archive, &format!("files/{document}.pdf")), b"%PDF-1.7 %%EOF");

    // Nobody else has it; an administrator's own copy is another, and has no more than the bank.
    let administrator = life.world.signed_in_anywhere(&life.administrator.email).await;
    let theirs = format!("/people/{}/data", life.person.person.account);
    let none = administrator.post(&format!("{theirs}/fetch"), &[("password", PASSWORD)]).await;
    assert_eq!(none.status, 404);
    administrator.post(&theirs, &[]).await.expect(303);
    life.world.work().await;
    let archive = fetched(&administrator, &format!("{theirs}/fetch")).await;
    let json: Value = serde_json::from_slice(&entry(&archive, "data.json")).expect("JSON");
    assert_eq!(json["whole_account"], false);
    assert_eq!(life.count("select count(*) from audit_event where action = 'data_export.fetched'").await, 2);

    life.world.app.clock.advance(TimeDelta::days(8));
    let late = life.world.signed_in_anywhere(&life.person.person.email).await;
    late.get("/your-data").await.expect(200).does_not_say("can be fetched until");
    assert_eq!(late.post("/your-data/fetch", &[("password", PASSWORD)]).await.status, 404);
    life.world.stop().await;
}

#[tokio::test]
async fn after_an_erasure_a_dump_names_nobody_but_where_the_law_wants_it() {
    let mut life = Life::lived().await;
    let (account, email) = (life.person.person.account, life.person.person.email.clone());
    seal_log(&life.world.app, Value::Null).await.expect("seals");
    let before = mentions(&mut life.seed, NAME, &email).await;
    for table in ["account", "mail", "session", "practice_guide", "clearance", "audit_detail", "invitation"] {
        assert!(has(&before, table), "{table} does not name them before: {before:?}");
    }

    // Refused while an offer is open, with what to do.
    life.open_offer().await;
    let visitor = life.world.signed_in_anywhere(&email).await;
    visitor.get("/your-data/erase").await.expect(200).says("1 offer is open: answer or take back each");
    let form = [("what", "account"), ("password", PASSWORD)];
    visitor.post("/your-data/erase", &form).await.expect(409).says("1 offer is open");
    life.lapse_offers().await;
    let commissioner = life.world.signed_in(&life.commissioner.email).await;
    let figures = commissioner.get("/fill-rate.csv").await.expect(200).body;
    assert!(figures.contains(",1,1,100.00"), "{figures}");

    // Mail to somebody else that tells of them is on its way.
    let mail = mail_to(life.seed.bank, "mo@people.test", "Odalys O'Quorn asks for a parking space");
    life.world.write_mails(vec![mail]).await;

    let visitor = life.world.signed_in_anywhere(&email).await;
    let page = visitor.get("/your-data/erase").await.expect(200);
    page.says("Bookings: 1").says("With the name until 3 November 2032").says("Lines of the log");
    let wrong = visitor.post("/your-data/erase", &[("what", "account"), ("password", "no")]).await;
    wrong.expect(422).says("Check your password");
    let done = visitor.post("/your-data/erase", &form).await.expect(200);
    done.says("Your account is closed and erased").says("With the name until 3 November 2032");
    visitor.get("/your-data").await.expect(303);

    let on_its_way = mentions(&mut life.seed, NAME, &email).await;
    assert_eq!(on_its_way, ["kept_name", "mail"], "mail that is on its way leaves as it is");
    life.world.work().await;
    assert!(life.world.inbox.last_of("mo@people.test").text().contains(NAME));
    life.world.app.clock.advance(TimeDelta::days(1));
    life.world.work().await;
    let after = mentions(&mut life.seed, NAME, &email).await;
    assert_eq!(after, ["kept_name"], "their name is beside their bookings, and nowhere else");
    assert_eq!(life.count("select count(*) from booking where state = 'live'").await, 1);
    let mut tx = life.world.app.db.look(Actor::Operator).await.expect("a connection");
    assert!(matches!(compare_with_seals(&mut tx).await, Ok(Verdict::Whole { .. })), "the chain verifies");
    drop(tx);
    let commissioner = life.world.signed_in(&life.commissioner.email).await;
    let now = commissioner.get("/fill-rate.csv").await.expect(200).body;
    assert_eq!(now, figures, "no figure has changed");

    // The bank's administrators, signed in anew since, read what was kept, and the log says that it was done.
    let administrator = life.world.signed_in(&life.administrator.email).await;
    let page = administrator.get(&format!("/people/{account}/data")).await.expect(200);
    page.says("as they asked for on their own page").says("With the name until 3 November 2032");
    administrator.get("/audit").await.expect(200).says("Person erased").says("Erased person");

    // The address is free again, and the old password opens nothing.
    let again = life
        .world
        .visitor()
        .post_without_token("/sign-in", &[("email", &email), ("password", PASSWORD)])
        .await;
    assert_ne!(again.status, 303);
    life.world.stop().await;
}

/// What one bank has goes alone, where there is another.
#[tokio::test]
async fn what_one_bank_holds_is_erased_alone() {
    let mut life = Life::lived().await;
    let email = life.person.person.email.clone();
    let mut other = crate::support::seed::Seed::bank(&life.world, "Other bank").await;
    let elsewhere = other.also(&life.person.person, PersonKind::Commissioner).await;
    let administrator = life.world.signed_in(&life.administrator.email).await;
    let path = format!("/people/{}/erase", life.person.person.account);
    administrator.get(&path).await.expect(200).says("What other banks hold stays").says("Bookings: 1");
    administrator.post(&path, &[("password", PASSWORD)]).await.expect(303);
    administrator.get(&path).await.expect(404);
    assert_eq!(life.count("select count(*) from alert").await, 0);
    assert_eq!(life.count("select count(*) from clinician where home_postcode <> ''").await, 0);
    let name: String = sqlx::query_scalar("select name from account where id = $1")
        .bind(elsewhere.account)
        .fetch_one(life.seed.connection())
        .await
        .expect("the account");
    assert_eq!(name, NAME, "the account is there for the other bank");
    let visitor = life.world.signed_in_anywhere(&email).await;
    visitor.get("/your-data/erase").await.expect(200).does_not_say("alone");
    life.world.stop().await;
}

/// Whoever alone administers a bank, and whoever is booked, can't go yet.
#[tokio::test]
async fn nobody_goes_before_what_they_owe_is_done() {
    let life = Life::lived().await;
    let administrator = life.world.signed_in(&life.administrator.email).await;
    let form = [("what", "account"), ("password", PASSWORD)];
    administrator.get("/your-data/erase").await.expect(200).says("Nobody else administers Test bank");
    administrator.post("/your-data/erase", &form).await.expect(409).says("Nobody else administers Test bank");
    life.world.stop().await;
}

//! A clinician joins, reads what is missing and which sessions wait for it, and does it thing by thing.

use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::documents::waiting_document;
use crate::support::seed::Seed;

#[tokio::test]
async fn what_is_missing_goes_thing_by_thing() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("Y00001", "Orchid House Surgery").await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    for statement in [
        "alter table clearance disable trigger clearance_append_only",
        "delete from clearance",
        "alter table clearance enable trigger clearance_append_only",
        "delete from availability_pattern",
        "delete from clinician_rate where band = 'saturday'",
    ] {
        sqlx::query(statement).execute(seed.connection()).await.expect(statement);
    }
    for (document, from) in [("indemnity", "2026-01-01"), ("enhanced_dbs", "2027-03-01")] {
        seed.need("gp", document, from).await;
    }
    for (date, competency) in [("2026-11-10", "coil_fitting"), ("2026-11-11", "safeguarding_children_3")] {
        let session = seed.session(practice, "gp", date, "08:30", "12:40").await;
        sqlx::query("insert into session_competency (bank_id, session_id, competency) values ($1, $2, $3)")
            .bind(seed.bank)
            .bind(session)
            .bind(competency)
            .execute(seed.connection())
            .await
            .expect("what a session asks for");
    }
    let visitor = world.signed_in(&ann.person.email).await;
    visitor.get("/offers").await.expect(200).address("/me/missing");
    let page = visitor.get("/me/missing").await.expect(200);
    for thing in [
        "GMC number Waits for it: Every session Missing",
        "Indemnity Waits for it: Every session Missing",
        "Enhanced DBS check Waits for it: Every session from 1 March 2027 Missing",
        "When you can work Waits for it: Every session Missing",
        "What you work for Waits for it: Saturday work Not enough",
        "How far you travel Done",
        "Your bank administrator clears you Waits for it: Every session With your administrator",
        "Coil fitting Waits for it: Sessions that need coil fitting: 1 lately Missing",
        "Safeguarding children level 3 Waits for it: Sessions that need safeguarding children level 3: 1 lately Missing",
    ] {
        page.says(thing);
    }
    for path in ["/me/documents/new?competency=indemnity", "/availability", "/me/rates", "/me/skills"] {
        page.address(path);
    }

    waiting_document(&world, seed.bank, &ann, "indemnity").await;
    visitor.get("/me/missing").await.says("Indemnity Waits for it: Every session With your administrator");
    seed.competency(&ann, "indemnity", Some("2027-10-31")).await;
    seed.competency(&ann, "enhanced_dbs", Some("2027-10-31")).await;
    visitor.post("/me/skills", &[("skill", "coil_fitting")]).await.expect(303);
    visitor.post("/availability/week", &[("monday", "9am to 5pm")]).await.expect(303);
    seed.rate(&ann, "saturday", 8_000).await;
    sqlx::query("update clinician set registration_number = '7012345'")
        .execute(seed.connection())
        .await
        .expect("a number");
    let page = visitor.get("/me/missing").await.expect(200);
    page.says("Indemnity Until 31 October 2027").says("Coil fitting Done").says("GMC number Done");
    page.does_not_say("Nothing is missing that every session waits for");
    seed.cleared_until(&ann, "2027-09-30", &administrator).await;
    let page = visitor.get("/me/missing").await.expect(200);
    page.says("Your bank administrator clears you Until 30 September 2027");
    page.says("Nothing is missing that every session waits for");
    world.stop().await;
}

//! A clinician sees what keeps them from work, mends what is theirs to mend, and is told whom to ask for the rest.

use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::seed::{Clinician, Seed};
use crate::support::visitor::Visitor;

const DETAILS: [(&str, &str); 7] = [
    ("engagement", "self_employed"),
    ("registration", "7012345"),
    ("home", "DT1"),
    ("travel", "25"),
    ("week", "37.5"),
    ("day", ""),
    ("rest", "11"),
];

fn details(change: (&'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
    DETAILS.map(|(name, value)| if name == change.0 { change } else { (name, value) }).to_vec()
}

async fn a_gp(world: &World) -> (Seed, Clinician, Visitor) {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ad Ministrator").await;
    seed.practice("Y00001", "Orchid House Surgery").await;
    let clinician = seed.clinician("gp", "Rowan Ash", &administrator).await;
    let visitor = world.signed_in(&clinician.person.email).await;
    visitor.post("/me/details", &details(("", ""))).await.expect(303);
    (seed, clinician, visitor)
}

#[tokio::test]
async fn nothing_blocks_somebody_who_is_ready_and_an_ended_document_does() {
    let world = World::start().await;
    let (mut seed, clinician, visitor) = a_gp(&world).await;
    visitor.get("/me").await.expect(200).says("Nothing keeps you from being offered work");
    seed.competency(&clinician, "basic_life_support", Some("2026-11-02")).await;
    visitor.get("/me").await.expect(200).says("Your basic life support certificate ends on 2 November 2026.");
    world.app.clock.advance(chrono::TimeDelta::days(1));
    let visitor_later = world.signed_in(&clinician.person.email).await;
    let page = visitor_later.get("/me").await.expect(200);
    page.says("Your basic life support certificate ended on 2 November 2026. Send the new one to your bank administrator.");
    page.does_not_say("Nothing keeps you from being offered work");
}

#[tokio::test]
async fn what_a_person_can_mend_goes_away_when_it_is_mended() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = a_gp(&world).await;
    visitor.post("/me/rates", &[("rate-core", "150")]).await.expect(303);
    let page = visitor.get("/me").await.expect(200);
    page.says("Your rate for work in core hours, £150 an hour, is above the highest the commissioner allows, £100 an hour.");
    page.says("You have given no rate for evening work, Saturday work or work on Sundays and bank holidays");
    page.says("What keeps you from being offered work");
    let all =
        [("rate-core", "88.50"), ("rate-evening", "95"), ("rate-saturday", "95"), ("rate-sunday", "100")];
    visitor.post("/me/rates", &all).await.expect(303);
    visitor
        .get("/me")
        .await
        .expect(200)
        .says("£88.50 an hour")
        .says("Nothing keeps you from being offered work");

    visitor.post("/availability/week", &[]).await.expect(303);
    visitor
        .get("/me")
        .await
        .expect(200)
        .says("You have given no time when you can work in the next four weeks");
    visitor.post("/availability/week", &[("sunday", "9am to 5pm")]).await.expect(303);
    visitor.post("/me/details", &details(("travel", "0"))).await.expect(303);
    let page = visitor.get("/me").await.expect(200);
    page.does_not_say("no time when you can work");
    page.says("You have not said how far you travel.");
}

#[tokio::test]
async fn details_that_cannot_be_are_refused_with_what_would_be_right() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = a_gp(&world).await;
    let refused = [
        (("registration", "12"), "Enter your GMC number with 7 figures, like 7012345"),
        (("home", "ZZ99"), "ZZ99 is not a postcode district we know"),
        (("travel", "far"), "Travel in miles must be between 0 and 300"),
        (("week", "200"), "Hours a week must be between 0 and 168"),
        (("engagement", "volunteer"), "Select how you work for the bank"),
    ];
    for (change, sentence) in refused {
        visitor.post("/me/details", &details(change)).await.expect(422).says(sentence);
    }
    visitor
        .post("/me/rates", &[("rate-core", "8800.00")])
        .await
        .expect(422)
        .says("must be between £0.01 and £1,000");
    let page = visitor.get("/me").await.expect(200);
    page.says("GMC 7012345").says("25 miles by road from DT1").says("37 hours 30 minutes a week");
}

#[tokio::test]
async fn somebody_employed_keeps_the_hours_of_the_law() {
    let world = World::start().await;
    let (_seed, _clinician, visitor) = a_gp(&world).await;
    let mut employed = details(("engagement", "employed"));
    employed.retain(|(name, _)| *name != "rest" && *name != "week");
    employed.extend([("rest", "2"), ("week", "60")]);
    visitor.post("/me/details", &employed).await.expect(422).says("Hours a week must be between 0 and 48");
    employed.retain(|(name, _)| *name != "week");
    visitor.post("/me/details", &employed).await.expect(303);
    visitor.get("/me").await.expect(200).says("Rest between days 11 hours").says("48 hours a week, by law");
    visitor.post("/me/details", &details(("rest", "8"))).await.expect(303);
    visitor.get("/me").await.expect(200).says("8 hours: less than the 11 hours that the law gives employees");
}

#[tokio::test]
async fn skills_are_the_persons_own_and_dated_records_are_the_banks() {
    let world = World::start().await;
    let (mut seed, clinician, visitor) = a_gp(&world).await;
    seed.competency(&clinician, "minor_surgery", Some("2027-05-01")).await;
    let ticked = [("skill", "coil_fitting"), ("system", "systmone"), ("skill", "basic_life_support")];
    visitor.post("/me/skills", &ticked).await.expect(303);
    let page = visitor.get("/me").await.expect(200);
    page.says("Coil fitting, SystmOne")
        .says("Minor surgery")
        .says("1 May 2027")
        .does_not_say("Basic life support");
    visitor.post("/me/skills", &[]).await.expect(303);
    visitor.get("/me").await.expect(200).says("Skills and systems None yet").says("Minor surgery");
}

#[tokio::test]
async fn practices_are_found_by_name_and_preferred_or_refused() {
    let world = World::start().await;
    let (mut seed, _clinician, visitor) = a_gp(&world).await;
    let other_bank = Seed::bank(&world, "Another bank").await;
    let mut other_bank = other_bank;
    let elsewhere = other_bank.practice("Y00009", "Orchard Elsewhere").await;
    let mill = seed.practice("Y00002", "Old Mill Practice").await;
    let found = visitor.get("/me/practices?search=mill").await.expect(200);
    found.says("Old Mill Practice").does_not_say("Orchid House");
    visitor.get("/me/practices?search=elsewhere").await.expect(200).says("No other practice found");

    let mill = mill.to_string();
    visitor.post("/me/practices", &[("practice", &mill), ("kind", "refused")]).await.expect(303);
    visitor.get("/me").await.expect(200).says("You will not work at Old Mill Practice");
    visitor.post("/me/practices", &[("practice", &mill), ("kind", "preferred")]).await.expect(303);
    visitor
        .get("/me")
        .await
        .expect(200)
        .says("You prefer Old Mill Practice")
        .says("You will not work at None");
    visitor.post("/me/practices", &[("practice", &mill), ("kind", "none")]).await.expect(303);
    visitor.get("/me").await.expect(200).says("You prefer None");
    let elsewhere = elsewhere.to_string();
    visitor.post("/me/practices", &[("practice", &elsewhere), ("kind", "preferred")]).await.expect(404);
}

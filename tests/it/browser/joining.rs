//! A clinician joins from the bank's public page on a phone, and accepts its terms.

use locumbank::ground::sign_in::PersonKind;

use super::journey::{BOTH, Journey};
use super::window::Scripts;
use crate::people_are_invited::link_in;
use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

const NEW_PASSWORD: &str = "lantern osprey gravel teapot";

async fn about_bo(phone: &Journey) {
    phone.fill("name", "Bo Example").await;
    phone.choose("role", "GP").await;
    phone.fill("registration", "7019999").await;
    phone.tick("engagement", "self_employed").await;
    phone.fill("home", "DT1").await;
    phone.fill("travel", "20").await;
}

async fn joins(scripts: Scripts) {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Wealdshire").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    seed.need("gp", "indemnity", "2026-01-01").await;
    let abi = world.signed_in(&administrator.email).await;
    let terms = [("text", "Come on time.\n\nTell the practice."), ("why", "Agreed"), ("version", "0")];
    abi.post("/bank/terms", &terms).await.expect(303);

    let phone = Journey::begin(&world, scripts).await;
    phone.go("/").await;
    phone.press("Join as a clinician").await;
    phone.sees("What to have at hand").await;
    phone.press("Start now").await;
    phone.sees("How we reach you").await;
    phone.press("Send me the link").await;
    phone.sees("There is a problem").await;
    about_bo(&phone).await;
    phone.fill("email", "bo@people.test").await;
    phone.press("Send me the link").await;
    phone.sees("Check your email").await;
    world.work().await;

    phone.go(&link_in(&world, "bo@people.test")).await;
    phone.sees("You will sign in with").await;
    phone.press("Join").await;
    phone.sees("accept them to join").await;
    phone.fill("password", NEW_PASSWORD).await;
    phone.tick("terms", "1").await;
    phone.press("Join").await;
    phone.sees("What is missing").await;
    assert_eq!(phone.path().await, "/me/missing");
    phone.end().await;

    // Abi is asked at her next sign-in, and goes on to where she wanted to be.
    world.app.clock.advance(chrono::TimeDelta::minutes(1));
    let desk = Journey::begin(&world, scripts).await;
    desk.sign_in(&administrator.email, PASSWORD).await;
    desk.go("/clearing").await;
    desk.sees("Read these terms and accept them").await;
    desk.press("Accept and go on").await;
    desk.sees("Bo Example").await;
    assert_eq!(desk.path().await, "/clearing");
    desk.end().await;
    world.stop().await;
}

#[tokio::test]
async fn a_clinician_joins_on_a_phone() {
    for scripts in BOTH {
        joins(scripts).await;
    }
}

#[tokio::test]
async fn the_banks_and_the_notices_are_read_on_a_phone() {
    let world = World::start().await;
    for bank in ["Wealdshire", "Vale"] {
        Seed::bank(&world, bank).await;
    }
    for scripts in BOTH {
        let phone = Journey::begin(&world, scripts).await;
        for (path, says) in [
            ("/join", "Choose the bank of the area"),
            ("/join/vale/terms", "has set none"),
            ("/accessibility", "Equality Advisory and Support Service"),
            ("/privacy", "Information Commissioner"),
            ("/cookies", "__Host-sign_in"),
        ] {
            phone.go(path).await;
            phone.sees(says).await;
        }
        phone.end().await;
    }
    world.stop().await;
}

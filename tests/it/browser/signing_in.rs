//! A second factor, a switch to another membership, and a form that outlives its sign-in, each on a phone.

use chrono::TimeDelta;
use fantoccini::Locator;
use locumbank::ground::sign_in::PersonKind;

use super::journey::{BOTH, Journey};
use super::window::Scripts;
use crate::people_have_a_second_factor::Phone;
use crate::support::World;
use crate::support::opening::Opening;
use crate::support::seed::PASSWORD;

/// Gives address and password, and is asked for more.
async fn gives_password(phone: &Journey, email: &str) {
    phone.go("/sign-in").await;
    phone.fill("email", email).await;
    phone.fill("password", PASSWORD).await;
    phone.press("Sign in").await;
}

async fn text_of(phone: &Journey, selector: &str) -> String {
    let found = phone.client.find(Locator::Css(selector)).await.expect(selector);
    found.text().await.expect("text")
}

async fn sets_up_and_uses_a_second_factor(scripts: Scripts) {
    let Opening { world, ann, .. } = Opening::begin().await;
    let now = |world: &World| world.app.clock.now();
    let phone = Journey::begin(&world, scripts).await;
    phone.sign_in(&ann.person.email, PASSWORD).await;
    phone.go("/second-factor").await;
    phone.sees("You need an app for codes").await;
    phone.press("Set it up").await;
    phone.sees("There is a problem").await;
    phone.fill("password", PASSWORD).await;
    phone.press("Set it up").await;
    phone.sees("point its camera at this picture").await;
    let app = Phone::typed_in(&text_of(&phone, "main code").await);
    phone.fill("code", "000000").await;
    phone.press("Continue").await;
    phone.sees("There is a problem").await;
    phone.fill("code", &app.shows(now(&world))).await;
    phone.press("Continue").await;
    phone.sees("Write these down now").await;
    let recovery = text_of(&phone, "main li code").await;
    let another = text_of(&phone, "main li:nth-child(2) code").await;
    phone.press("I have written them down").await;
    phone.sees("Your sign-in").await;
    phone.sign_out().await;

    world.app.clock.advance(TimeDelta::minutes(1));
    gives_password(&phone, &ann.person.email).await;
    phone.sees("Enter a code").await;
    phone.fill("code", "nonsense").await;
    phone.press("Continue").await;
    phone.sees("There is a problem").await;
    phone.fill("code", &app.shows(now(&world))).await;
    phone.press("Continue").await;
    phone.sees("Your offers").await;
    phone.sign_out().await;

    // The phone with the app is lost.
    gives_password(&phone, &ann.person.email).await;
    phone.sees("Enter a code").await;
    phone.fill("code", &recovery).await;
    phone.press("Continue").await;
    phone.sees("Your offers").await;
    phone.go("/second-factor").await;
    phone.sees("Recovery codes left").await;
    phone.fill("password", PASSWORD).await;
    phone.fill("code", &another).await;
    phone.press("Turn it off").await;
    phone.sees("Your second factor is turned off").await;
    phone.end().await;
    world.stop().await;
}

#[tokio::test]
async fn a_second_factor_is_set_up_and_used_on_a_phone() {
    for scripts in BOTH {
        sets_up_and_uses_a_second_factor(scripts).await;
    }
}

async fn switches(scripts: Scripts) {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let manager = seed.also(&ann.person, PersonKind::PracticeManager).await;
    seed.manages(&manager, &[practice]).await;
    drop(administrator);
    let phone = Journey::begin(&world, scripts).await;
    phone.sign_in(&ann.person.email, PASSWORD).await;
    phone.go("/switch").await;
    phone.sees("Choose what you act as").await;
    phone.tick("membership", &manager.membership.to_string()).await;
    phone.press("Continue").await;
    phone.sees("Sessions").await;
    assert_eq!(phone.path().await, "/sessions");
    phone.go("/switch").await;
    phone.tick("membership", &ann.person.membership.to_string()).await;
    phone.press("Continue").await;
    phone.sees("Your offers").await;
    phone.end().await;
    world.stop().await;
}

#[tokio::test]
async fn a_person_of_two_memberships_switches_on_a_phone() {
    for scripts in BOTH {
        switches(scripts).await;
    }
}

async fn is_away_for_long(scripts: Scripts) {
    let Opening { world, ann, .. } = Opening::begin().await;
    let phone = Journey::begin(&world, scripts).await;
    phone.sign_in(&ann.person.email, PASSWORD).await;
    phone.go("/me/details").await;
    phone.fill("travel", "17").await;
    world.app.clock.advance(TimeDelta::minutes(31));
    phone.press("Save details").await;
    phone.sees("What you typed is kept for 24 hours").await;
    phone.fill("email", &ann.person.email).await;
    phone.fill("password", PASSWORD).await;
    phone.press("Sign in").await;
    phone.sees("nothing has been done yet").await;
    phone.press("Send it now").await;
    phone.sees("17 miles").await;
    assert_eq!(phone.path().await, "/me");
    phone.end().await;
    world.stop().await;
}

#[tokio::test]
async fn what_was_typed_outlives_the_sign_in_on_a_phone() {
    for scripts in BOTH {
        is_away_for_long(scripts).await;
    }
}

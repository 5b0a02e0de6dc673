//! An administrator keeps the bank, and a manager says what those need who come, each on a phone.

use fantoccini::Locator;
use locumbank::ground::sign_in::PersonKind;

use super::a_document::is_in_order;
use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::desk::{link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Seed};

#[tokio::test]
async fn the_bank_is_kept_and_a_practice_described_on_a_phone() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Wealdshire").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;

    let at_desk = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    at_desk.sign_in(&administrator.email, PASSWORD).await;
    at_desk.go("/bank/hours").await;
    is_in_order(&at_desk).await;
    at_desk.fill("least_rest_hours", "9").await;
    at_desk.press("Continue").await;
    at_desk.wait_for_text("Hours of rest must be between 11 and 16").await;
    is_in_order(&at_desk).await;
    at_desk.fill("least_rest_hours", "12").await;
    at_desk.fill("why", "People were tired").await;
    at_desk.press("Continue").await;
    at_desk.wait_for_text("12 hours, before 11 hours").await;
    is_in_order(&at_desk).await;
    at_desk.press("Make the change").await;
    at_desk.wait_for_text("Rest and hours: changed").await;
    is_in_order(&at_desk).await;
    at_desk.press("See and add bank holidays").await;
    for (name, typed) in [("on-day", "10"), ("on-month", "5"), ("on-year", "2027"), ("title", "A coronation")]
    {
        at_desk.fill(name, typed).await;
    }
    at_desk.press("Continue").await;
    at_desk.wait_for_text("Enter a reason").await;
    is_in_order(&at_desk).await;
    at_desk.fill("why", "Proclaimed today").await;
    at_desk.press("Continue").await;
    at_desk.wait_for_text("Check the change before you make it").await;
    is_in_order(&at_desk).await;
    at_desk.press("Make the change").await;
    at_desk.wait_for_text("The calendar is changed").await;
    is_in_order(&at_desk).await;
    at_desk.close().await;

    let at_practice = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    at_practice.sign_in(&manager.email, PASSWORD).await;
    at_practice.go(&format!("/practice/{practice}/guide")).await;
    is_in_order(&at_practice).await;
    at_practice.fill("parking", "Behind the building").await;
    at_practice.fill("contact_name", "Sue Example").await;
    at_practice.press("Save").await;
    at_practice.wait_for_text("Enter the phone number at which they are reached").await;
    is_in_order(&at_practice).await;
    at_practice.fill("contact_phone", "01305 000002").await;
    at_practice.press("Save").await;
    at_practice.wait_for_text("Behind the building").await;
    is_in_order(&at_practice).await;
    at_practice.go(&format!("/places/{practice}")).await;
    at_practice.wait_for_text("Sue Example, 01305 000002").await;
    is_in_order(&at_practice).await;
    at_practice.close().await;
    world.stop().await;
}

#[tokio::test]
async fn a_sick_call_is_mended_without_scripts() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    seed.practice_manager("Mo Example", &[practice]).await;
    seed.clinician("gp", "Ben Stands-In", &administrator).await;
    let session = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
    let made = offer(&world, seed.bank, administrator.account, session, ann.id).await;
    let link = link_of(&world, made);
    world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);

    let at_desk = Window::open(&world.base_url, Screen::Desk, Scripts::Off).await;
    at_desk.sign_in(&administrator.email, PASSWORD).await;
    at_desk.go("/rota").await;
    at_desk.press("Cancel the booking of Ann Example, Tue 3 Nov, 8:30am to 12:40pm").await;
    at_desk.wait_for_text("Who gives it up, and why?").await;
    at_desk.press("Cancel the booking").await;
    at_desk.wait_for_text("Select who gives it up and why").await;
    let reason = at_desk.client.find(Locator::Css("input[value='clinician.short_notice']")).await;
    reason.expect("a reason to choose").click().await.expect("it is chosen");
    at_desk.press("Cancel the booking").await;
    at_desk.wait_for_text("Both sides get an email").await;
    at_desk.press("Book Ben Stands-In").await;
    at_desk.wait_for_text("Book Ben Stands-In?").await;
    at_desk.close().await;
    world.stop().await;
}

//! A clinician hands in a document on a phone, and an administrator verifies it on theirs.

use std::io::Write as _;

use fantoccini::Locator;
use locumbank::ground::sign_in::PersonKind;

use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

/// Nothing is wrong with the page shown, and nothing has to be moved sideways.
pub(super) async fn is_in_order(window: &Window) {
    let path = window.path().await;
    assert_eq!(window.accessibility_faults().await, Vec::<String>::new(), "{path}");
    assert_eq!(window.overflow_pixels().await, 0, "{path}");
}

async fn fill_date(window: &Window, day: &str, month: &str, year: &str) {
    for (part, value) in [("day", day), ("month", month), ("year", year)] {
        window.fill(&format!("valid-{part}"), value).await;
    }
}

#[tokio::test]
async fn a_document_is_handed_in_and_verified_on_a_phone() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Wealdshire").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    let mut scan = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a file");
    scan.write_all(b"%PDF-1.7\n%%EOF\n").expect("a document");

    let at_home = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    at_home.sign_in(&ann.person.email, PASSWORD).await;
    at_home.go("/me").await;
    at_home.press("Hand in documents").await;
    at_home.wait_for_text("Nothing yet").await;
    is_in_order(&at_home).await;
    at_home.press("Hand in a document").await;
    at_home.wait_for_text("What the document is").await;
    is_in_order(&at_home).await;
    at_home.press("Hand in").await;
    at_home.wait_for_text("Choose a file").await;
    is_in_order(&at_home).await;
    at_home.choose("competency", "Indemnity").await;
    fill_date(&at_home, "31", "3", "2027").await;
    let field = at_home.client.find(Locator::Css("main [name='file']")).await.expect("a field for a file");
    field.send_keys(&scan.path().to_string_lossy()).await.expect("a file is chosen");
    at_home.press("Hand in").await;
    at_home.wait_for_text("Waits to be looked at").await;
    is_in_order(&at_home).await;

    let at_desk = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    at_desk.sign_in(&administrator.email, PASSWORD).await;
    at_desk.go("/clinicians").await;
    at_desk.press("1 document to look at").await;
    at_desk.wait_for_text("The oldest first").await;
    is_in_order(&at_desk).await;
    at_desk.press("Indemnity of Ann Example").await;
    at_desk.wait_for_text("It is what it should be").await;
    is_in_order(&at_desk).await;
    at_desk.press("Send it back").await;
    at_desk.wait_for_text("Enter a reason").await;
    is_in_order(&at_desk).await;
    at_desk.press("Verify and record").await;
    at_desk.wait_for_text("Indemnity is verified and recorded").await;
    is_in_order(&at_desk).await;
    at_desk.close().await;
    at_home.close().await;
    world.stop().await;
}

//! Somebody whose browser runs no scripts signs in as everybody does.

use locumbank::account::PersonKind;

use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

/// The positive control of the story below: where scripts run, the page shows it.
#[tokio::test]
async fn a_page_shows_whether_scripts_run() {
    let world = World::start().await;
    let window = Window::open(&world.base_url, Screen::Desk, Scripts::On).await;
    window.go("/sign-in").await;
    assert!(window.has_run_scripts().await);
    window.close().await;
}

#[tokio::test]
async fn signing_in_on_a_phone_needs_no_scripts() {
    let world = World::start().await;
    let who = Seed::bank(&world, "Wealdshire").await.person(PersonKind::Commissioner, "Sam Example").await;
    let window = Window::open(&world.base_url, Screen::Phone, Scripts::Off).await;
    window.sign_in(&who.email, PASSWORD).await;
    window.go("/rate-ranges").await;
    assert!(!window.has_run_scripts().await);
    assert_eq!(window.heading().await, "Rate ranges");
    window.close().await;
}

//! Somebody whose browser runs no scripts does what everybody does.

use locumbank::ground::sign_in::PersonKind;

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
async fn a_rate_range_is_published_without_scripts() {
    let world = World::start().await;
    let who = Seed::bank(&world, "Wealdshire").await.person(PersonKind::Commissioner, "Sam Example").await;
    // On a desk: with touch, chromedriver itself waits for a script in the page before it presses.
    let window = Window::open(&world.base_url, Screen::Desk, Scripts::Off).await;
    window.sign_in(&who.email, PASSWORD).await;
    window.go("/rate-ranges/new").await;
    assert!(!window.has_run_scripts().await);

    window.choose("role", "Paramedic").await;
    window.choose("band", "Core hours").await;
    for (name, typed) in [("from-day", "1"), ("from-month", "12"), ("from-year", "2026")] {
        window.fill(name, typed).await;
    }
    window.fill("floor", "32").await;
    window.fill("ceiling", "30").await;
    window.press("Continue").await;
    window.wait_for_text("There is a problem").await;
    window.fill("ceiling", "42.50").await;
    window.press("Continue").await;
    window.wait_for_text("£32 to £42.50 an hour").await;
    window.press("Publish range").await;
    window.wait_for_text("In force today").await;
    assert_eq!(window.path().await, "/rate-ranges");
    window.close().await;
}

//! A person who uses the keyboard alone signs in, and always sees where they are.

use std::time::Duration;

use locumbank::ground::sign_in::PersonKind;

use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Says what has the focus: its name, its text, and whether it is marked so that it can be seen.
const FOCUS: &str = "const here = document.activeElement, style = getComputedStyle(here);\
    const inside = here.closest('label, a, button') || here;\
    const marked = s => s.outlineStyle !== 'none' || s.boxShadow !== 'none';\
    return [here.tagName, here.getAttribute('name') || '', here.textContent.trim(),\
            marked(style) || marked(getComputedStyle(inside))];";

#[derive(Debug)]
struct Focus {
    tag: String,
    name: String,
    text: String,
    is_seen: bool,
}

async fn focus(window: &Window) -> Focus {
    let said = window.run(FOCUS, vec![]).await;
    let text = |at: usize| said[at].as_str().unwrap_or_default().to_owned();
    Focus { tag: text(0), name: text(1), text: text(2), is_seen: said[3].as_bool().unwrap_or(false) }
}

async fn strike(window: &Window, keys: &str) {
    let here = window.client.active_element().await.expect("something has the focus");
    here.send_keys(keys).await.expect("the focus takes keys");
}

/// Strikes Tab until the field of that name has the focus; every stop on the way has to be seen.
async fn tab_to(window: &Window, name: &str) {
    for _ in 0..40 {
        strike(window, TAB).await;
        let here = focus(window).await;
        assert!(here.is_seen, "nothing shows that the focus is on {here:?}");
        if here.name == name {
            return;
        }
    }
    panic!("40 strikes of Tab do not lead to {name}");
}

#[tokio::test]
async fn signing_in_needs_no_mouse() {
    let world = World::start().await;
    let who = Seed::bank(&world, "Wealdshire").await.person(PersonKind::Commissioner, "Sam Example").await;
    let window = Window::open(&world.base_url, Screen::Desk, Scripts::On).await;
    window.go("/sign-in").await;

    strike(&window, TAB).await;
    let first = focus(&window).await;
    assert_eq!((first.tag.as_str(), first.text.as_str()), ("A", "Skip to main content"));
    strike(&window, ENTER).await;
    tab_to(&window, "email").await;
    strike(&window, &who.email).await;
    tab_to(&window, "password").await;
    strike(&window, PASSWORD).await;
    strike(&window, ENTER).await;

    let signed_in = tokio::time::timeout(Duration::from_secs(10), async {
        while window.path().await == "/sign-in" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    signed_in.await.expect("Enter in the last field sends the form");
    window.close().await;
}

#[tokio::test]
async fn after_a_mistake_the_focus_is_on_what_to_mend() {
    let world = World::start().await;
    let window = Window::open(&world.base_url, Screen::Desk, Scripts::On).await;
    window.go("/sign-in").await;
    window.fill("email", "nobody@example.com").await;
    window.fill("password", "not the password").await;
    window.press("Sign in").await;

    window.wait_for_text("There is a problem").await;
    let inside = "return document.activeElement.closest('.nhsuk-error-summary') !== null";
    assert_eq!(window.run(inside, vec![]).await, true);
    strike(&window, TAB).await;
    strike(&window, ENTER).await;
    let here = focus(&window).await;
    assert_eq!((here.tag.as_str(), here.is_seen), ("INPUT", true), "{here:?}");
    window.close().await;
}

//! Every mail as a program that shows HTML has it: nothing wrong by axe-core, and nothing beyond the edge of a phone.

use locumbank::ground::sign_in::PersonKind;
use locumbank::site::messages::MESSAGES;

use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

/// Ends every text with a name as people type it in a hurry, without a space anywhere. Dates are not typed.
const ONE_LONG_WORD: &str = "\
    for (const text of document.querySelectorAll('h1, h2, p, td:not([style*=nowrap])')) {\
        if (!text.querySelector('table, p, h1, h2, div')) text.append('Orchid'.repeat(40));\
    }";

#[tokio::test]
async fn every_mail_can_be_read_on_a_phone() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let window = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    window.sign_in(&administrator.email, PASSWORD).await;
    let mut faults = Vec::new();
    for kind in MESSAGES.all() {
        window.go(&format!("/mail/messages/{}/html", kind.name)).await;
        assert!(!window.heading().await.is_empty(), "{} shows no mail", kind.name);
        faults
            .extend(window.accessibility_faults().await.into_iter().map(|it| format!("{}: {it}", kind.name)));
        window.run(ONE_LONG_WORD, vec![]).await;
        let overflow = window.overflow_pixels().await;
        if overflow > 0 {
            faults.push(format!("{}: goes {overflow} pixels beyond the right edge", kind.name));
        }
    }
    window.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    world.stop().await;
}

#[tokio::test]
async fn a_mail_whose_words_do_not_break_is_noticed() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let window = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    window.sign_in(&administrator.email, PASSWORD).await;
    window.go("/mail/messages/session_offered/html").await;
    window.run(ONE_LONG_WORD, vec![]).await;
    assert_eq!(window.overflow_pixels().await, 0);
    let spoil = "document.body.style.overflowWrap = document.body.style.wordBreak = 'normal';";
    window.run(spoil, vec![]).await;
    assert!(window.overflow_pixels().await > 0);
    window.close().await;
    world.stop().await;
}

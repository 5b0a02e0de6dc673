//! Every page a person can reach from their menu, by its links: nothing wrong by axe-core, and nothing that
//! has to be moved sideways, on phones and (`./dev soak`) on a desk.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use locumbank::demonstration::load::{Practices, load};
use locumbank::demonstration::{PASSWORD, SIGN_INS, Size};
use locumbank::ground::sign_in::PersonKind;

use super::window::{Screen, Scripts, Window};
use crate::support::World;
use crate::support::desk::is_soak;

/// A reader stops here, so that a fault in paging cannot keep the test for ever.
const MOST_PAGES: usize = 60;

/// Enough for something to stand on every page.
const SIZE: Size =
    Size { clinicians: 24, sessions: 80, weeks_ahead: 2, weeks_behind: 4, sessions_a_week_behind: 30 };

/// A path with ids, dates and numbers replaced, so that one page of each kind is read.
fn pattern(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if let Some(kind) = path.strip_prefix("/mail/messages/") {
        return format!("/mail/messages/{{}}{}", if kind.ends_with("/html") { "/html" } else { "" });
    }
    let part = |part: &str| {
        let varies = part.chars().any(|letter| letter.is_ascii_digit());
        if varies { "{}".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn is_download(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    [".ics", ".csv", ".json", ".txt", ".atom"].iter().any(|ending| path.ends_with(ending))
}

/// A window of that width in which `who` is signed in, on the page they start on.
async fn open(world: &World, who: Option<&str>, screen: Screen) -> Window {
    let window = Window::open(&world.base_url, screen, Scripts::On).await;
    match who {
        Some(email) => window.sign_in(email, PASSWORD).await,
        None => window.go("/").await,
    }
    window
}

/// What is wrong with the page shown, which is at `path`, one line each.
async fn faults_of(window: &Window, path: &str, screen: Screen) -> Vec<String> {
    let mut faults = Vec::new();
    if window.heading().await == "Page not found" {
        faults.push("a link leads to a page that is not there".to_owned());
    }
    let overflow = window.overflow_pixels().await;
    if overflow > 0 {
        faults.push(format!("goes {overflow} pixels beyond the right edge"));
    }
    // The narrowest phone is asked about reflow alone.
    if screen != Screen::SmallPhone {
        faults.extend(window.accessibility_faults().await);
    }
    faults.into_iter().map(|fault| format!("{path} at {screen:?}: {fault}")).collect()
}

/// What is wrong with the page shown on a phone, and on the narrowest.
async fn faults_on_phones(phone: &Window, path: &str) -> Vec<String> {
    let mut faults = faults_of(phone, path, Screen::Phone).await;
    phone.turn_into(Screen::SmallPhone).await;
    faults.extend(faults_of(phone, path, Screen::SmallPhone).await);
    phone.turn_into(Screen::Phone).await;
    faults
}

/// What is wrong with the pages `who` can reach by links, one of each pattern, which are at least `fewest`. `./dev soak`
/// looks at them on a desk too.
async fn faults(world: &World, who: Option<&str>, fewest: usize) -> Vec<String> {
    let phone = open(world, who, Screen::Phone).await;
    let desk = if is_soak() { Some(open(world, who, Screen::Desk).await) } else { None };
    let mut known = BTreeSet::new();
    let mut waiting = VecDeque::from([phone.path().await]);
    let (mut seen, mut faults) = (Vec::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        if seen.len() >= MOST_PAGES || is_download(&path) || !known.insert(pattern(&path)) {
            continue;
        }
        phone.go(&path).await;
        // The links of a message's preview are those of records that are not there.
        let is_preview = path.starts_with("/mail/messages/") && path.ends_with("/html");
        if !is_preview {
            waiting.extend(phone.links().await);
        }
        faults.extend(faults_on_phones(&phone, &path).await);
        if let Some(desk) = &desk {
            desk.go(&path).await;
            faults.extend(faults_of(desk, &path, Screen::Desk).await);
        }
        seen.push(path);
    }
    assert!(seen.len() >= fewest, "only {seen:?} can be reached");
    for window in std::iter::once(phone).chain(desk) {
        window.close().await;
    }
    faults
}

#[tokio::test]
async fn everybody_can_read_every_page_of_theirs() {
    let world = World::start().await;
    load(&world.app, Practices::Invented, SIZE, Arc::new(|_step| ())).await.expect("a demonstration bank");
    let of = |kind: PersonKind, fewest| {
        let (_, email) = SIGN_INS.into_iter().find(|(known, _)| *known == kind).expect("one of each kind");
        faults(&world, Some(email), fewest)
    };
    let (visitor, manager, clinician, administrator, commissioner) = tokio::join!(
        faults(&world, None, 2),
        of(PersonKind::PracticeManager, 5),
        of(PersonKind::Clinician, 9),
        of(PersonKind::BankAdministrator, 9),
        of(PersonKind::Commissioner, 4),
    );
    let found = [visitor, manager, clinician, administrator, commissioner].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn a_page_with_a_fault_is_noticed() {
    let world = World::start().await;
    let window = Window::open(&world.base_url, Screen::Phone, Scripts::On).await;
    window.go("/sign-in").await;
    assert_eq!((window.overflow_pixels().await, window.accessibility_faults().await), (0, Vec::new()));
    let spoil = "document.querySelector('main label').remove();\
                 const wide = document.createElement('p'); wide.textContent = 'w'.repeat(400);\
                 document.querySelector('main').append(wide);";
    window.run(spoil, vec![]).await;
    assert!(window.overflow_pixels().await > 0);
    let faults = window.accessibility_faults().await;
    assert!(faults.iter().any(|fault| fault.starts_with("label: ")), "{faults:?}");
    window.close().await;
}

//! Every link in a mail carries a secret of its own. Guessed, of another kind, over, or pressed by a program that looks through
//! mail, it opens nothing, changes nothing, and tells nobody whether an address has an account.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::Method;
use sqlx::PgConnection;

use crate::support::holdings::{Bank, Record};
use crate::support::{Visitor, World};

/// Each kind of link: where it leads, whose token it has, and whether one press is enough by design (RFC 8058, and keeping
/// an alert), which can be taken back.
const KINDS: [(&str, Record, bool); 6] = [
    ("/invitation/", Record::InvitationLink, false),
    ("/new-password/", Record::PasswordLink, false),
    ("/new-address/", Record::AddressLink, false),
    ("/offer-link/", Record::OfferLink, false),
    ("/unsubscribe/", Record::StopLink, true),
    ("/renew-alert/", Record::RenewLink, true),
];

/// Everything that a link could change.
async fn state(connection: &mut PgConnection) -> String {
    sqlx::query_scalar(
        "select concat_ws(' ',
             (select md5(string_agg(a::text, '' order by a.id)) from account a),
             (select md5(string_agg(m::text, '' order by m.id)) from membership m),
             (select md5(string_agg(i::text, '' order by i.id)) from invitation i),
             (select md5(string_agg(p::text, '' order by p.id)) from password_reset p),
             (select md5(string_agg(c::text, '' order by c.id)) from address_change c),
             (select md5(string_agg(o::text, '' order by o.id)) from offer o),
             (select md5(string_agg(b::text, '' order by b.id)) from booking b),
             (select md5(string_agg(l::text, '' order by l.id)) from alert l),
             (select count(*) from mail_choice), (select count(*) from sign_in), (select count(*) from audit_event),
             (select count(*) from data_export))",
    )
    .fetch_one(connection)
    .await
    .expect("the state")
}

/// The buttons of a page's forms as a program presses them: where each leads, with what the form holds by itself.
fn presses(page: &str, at: &str) -> Vec<(String, Vec<(String, String)>)> {
    let value = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let mut found = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form").next().unwrap_or_default();
        let action =
            value(form.split('>').next().unwrap_or_default(), "action").unwrap_or_else(|| at.to_owned());
        let tags = |kind: &'static str| form.split('<').filter(move |tag| tag.starts_with(kind));
        let own: Vec<(String, String)> = tags("input")
            .filter_map(|tag| Some((value(tag, "name")?, value(tag, "value").unwrap_or_default())))
            .collect();
        for button in tags("button") {
            let pressed =
                value(button, "name").map(|name| (name, value(button, "value").unwrap_or_default()));
            found.push((action.clone(), own.iter().cloned().chain(pressed).collect()));
        }
    }
    found
}

async fn press_everything(visitor: &Visitor, path: &str) -> usize {
    let page = visitor.get(path).await;
    let buttons = presses(&page.body, path);
    for (action, fields) in &buttons {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        visitor.post_without_token(action, &fields).await;
    }
    buttons.len()
}

/// A token of the same shape that nobody was sent.
fn guessed(token: &str) -> String {
    let turned = |letter: char| if letter == 'A' { 'B' } else { 'A' };
    let mut letters: Vec<char> = token.chars().collect();
    let middle = letters.len() / 2;
    letters[middle] = turned(letters[middle]);
    letters.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_guessed_is_over_or_of_another_kind_opens_and_changes_nothing() {
    let world = World::start().await;
    let own = Bank::furnished(&world, "Own bank", "J").await;
    let other = Bank::furnished(&world, "Other bank", "K").await;
    let mut connection = world.connection().await;
    let before = state(&mut connection).await;
    let neighbour = &other.people[1].1;
    let mut answers: BTreeMap<&str, Vec<(u16, String)>> = BTreeMap::new();
    for (path, record, _) in KINDS {
        let token = &own.own[&record];
        let mut wrong = vec![guessed(token), "A".repeat(token.len()), "x".to_owned(), "%00".to_owned()];
        // Tokens of other kinds are no tokens here.
        wrong.extend(
            KINDS.iter().filter(|(_, other, _)| *other != record).map(|(_, other, _)| own.own[other].clone()),
        );
        for token in wrong {
            let at = format!("{path}{token}");
            for visitor in [&world.visitor(), neighbour] {
                let opened = visitor.get(&at).await;
                assert!([400, 404, 410].contains(&opened.status.as_u16()), "{at} says {}", opened.status);
                visitor.request(Method::HEAD, &at).send().await.expect("an answer");
                press_everything(visitor, &at).await;
                let fields = [
                    ("answer", "accept"),
                    ("password", crate::support::seed::PASSWORD),
                    ("new_password", "three long words here"),
                ];
                let sent = visitor.post_without_token(&at, &fields).await;
                assert!(
                    [400, 404, 410, 422, 429].contains(&sent.status.as_u16()),
                    "{at} says {}",
                    sent.status
                );
                assert!(
                    !opened.body.contains("@people.test") && !sent.body.contains("@people.test"),
                    "{at} names somebody"
                );
                if token != "%00" && !opened.body.contains("Sign out") {
                    answers.entry(path).or_default().push((opened.status.as_u16(), opened.text()));
                }
            }
        }
    }
    for (path, mut said) in answers {
        said.dedup();
        assert_eq!(said.len(), 1, "{path} tells one guess from another");
    }
    assert_eq!(state(&mut connection).await, before, "nothing was changed");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_presses_every_button_of_a_link_spends_and_changes_nothing() {
    let world = World::start().await;
    let own = Bank::furnished(&world, "Own bank", "J").await;
    let mut connection = world.connection().await;
    let before = state(&mut connection).await;
    let mut pressed = 0;
    for (path, record, one_press) in KINDS {
        let at = format!("{path}{}", own.own[&record]);
        for method in [Method::GET, Method::HEAD] {
            world.visitor().request(method, &at).send().await.expect("an answer");
        }
        assert_eq!(state(&mut connection).await, before, "looking at {at} changed something");
        if !one_press {
            pressed += press_everything(&world.visitor(), &at).await;
            assert_eq!(state(&mut connection).await, before, "pressing what is at {at} changed something");
        }
    }
    assert!(pressed >= 3, "only {pressed} buttons were found");
    // They work afterwards for whom they are.
    let at = format!("/new-password/{}", own.own[&Record::PasswordLink]);
    let fields = [("new_password", "seventeen purple wheelbarrows")];
    world.visitor().post_without_token(&at, &fields).await.expect(303);
    let spent = state(&mut connection).await;
    assert_ne!(spent, before);
    let again = world.visitor().post_without_token(&at, &fields).await;
    assert!([404, 410].contains(&again.status.as_u16()), "used twice it says {}", again.status);
    assert_eq!(state(&mut connection).await, spent, "used twice it does nothing");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_time_is_over_changes_nothing() {
    let world = World::start().await;
    let own = Bank::furnished(&world, "Own bank", "J").await;
    let mut connection = world.connection().await;
    world.app.clock.advance(TimeDelta::days(8));
    let before = state(&mut connection).await;
    for (path, record, _) in
        KINDS.into_iter().filter(|(_, record, one_press)| !one_press && *record != Record::OfferLink)
    {
        let at = format!("{path}{}", own.own[&record]);
        let fields = [
            ("name", "Eve Example"),
            ("new_password", "seventeen purple wheelbarrows"),
            ("password", crate::support::seed::PASSWORD),
        ];
        let opened = world.visitor().get(&at).await;
        assert!([404, 410].contains(&opened.status.as_u16()), "{at} says {}", opened.status);
        assert!(!opened.body.contains("@people.test"), "{at} names somebody");
        let sent = world.visitor().post_without_token(&at, &fields).await;
        assert!([404, 410].contains(&sent.status.as_u16()), "{at} says {}", sent.status);
    }
    assert_eq!(state(&mut connection).await, before, "nothing was changed");
    world.stop().await;
}

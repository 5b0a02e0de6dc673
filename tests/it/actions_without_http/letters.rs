//! Alerts, choices of email, addresses.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::AlertId;
use locumbank::letters::alert::NewAlert;
use locumbank::letters::alert::actions::{add_alert, end_alert, renew_alert, renew_alert_by_link};
use locumbank::letters::mail_choice::actions::{choose, stop_kind_by_link, want_kind_by_link};
use locumbank::letters::mail_choice::{Choice, Choices};
use locumbank::letters::stopped_address::actions::{clear_address, clear_own_address};
use locumbank::terms::bank::places::find_place;

use crate::support::on_behalf_of;

use super::{Story, is_not_found};

#[tokio::test]
async fn alerts_are_their_clinicians_and_their_links() {
    let mut story = Story::begin().await;
    let new = NewAlert {
        district: "DT1".to_owned(),
        place: find_place("DT1").expect("Dorchester"),
        within_metres: 16_000,
        choice: Choice::AtOnce,
    };
    assert!(act!(story, story.ann, tx => add_alert(tx, &new)).unwrap());
    assert!(is_not_found(&act!(story, story.manager, tx => add_alert(tx, &new))));
    let id: AlertId =
        sqlx::query_scalar("select id from alert").fetch_one(story.seed.connection()).await.unwrap();
    act!(story, story.ann, tx => renew_alert(tx, id)).unwrap();
    let link = Actor::link_holder(story.seed.bank);
    act!(story, link, tx => renew_alert_by_link(tx, id)).unwrap();
    assert!(is_not_found(&act!(story, story.stranger, tx => end_alert(tx, id))));
    act!(story, story.ann, tx => end_alert(tx, id)).unwrap();
    assert!(is_not_found(&act!(story, story.ann, tx => renew_alert(tx, id))));
    assert_eq!(story.log().await, ["alert.added", "alert.renewed", "alert.ended"], "a link has no name");
}

#[tokio::test]
async fn people_choose_their_email_and_clear_their_address() {
    let mut story = Story::begin().await;
    let choices = Choices { of_kinds: vec![("digest", Choice::Never)], quiet: None };
    act!(story, story.ann, tx => choose(tx, &choices)).unwrap();
    let (link, account) = (Actor::link_holder(story.seed.bank), story.who_is_ann.person.account);
    act!(story, link, tx => stop_kind_by_link(tx, account, "session_alert")).unwrap();
    act!(story, link, tx => want_kind_by_link(tx, account, "session_alert")).unwrap();
    let left: Vec<String> =
        sqlx::query_scalar("select kind from mail_choice").fetch_all(story.seed.connection()).await.unwrap();
    assert_eq!(left, ["digest"]);
    for _ in 0..2 {
        story
            .run(
                "insert into stopped_address (bank_id, address, account_id, reason, explanation, failures, last_failed_at,
                                              stopped_at)
                 select c.bank_id, a.email, a.id, 'hard', 'no such mailbox', 1, '2026-11-01', '2026-11-01'
                   from clinician c join account a on a.id = c.account_id
                     on conflict (bank_id, address) do update set cleared_at = null, cleared_by = null",
            )
            .await;
        act!(story, story.ann, tx => clear_own_address(tx)).unwrap();
    }
    act!(story, story.ann, tx => clear_own_address(tx)).unwrap();
    let address = story.who_is_ann.person.email.clone();
    assert!(is_not_found(&act!(story, story.administrator, tx => clear_address(tx, &address))));
    let cleared = "mail_address.cleared";
    assert_eq!(story.log().await, ["mail_choice.changed", cleared, cleared]);
}

/// The holder of a link acts for one account of one bank, which the log names.
#[tokio::test]
async fn what_is_done_by_a_link_is_its_holders() {
    let mut story = Story::begin().await;
    let holder = on_behalf_of(story.seed.bank, story.who_is_ann.person.account);
    let choices = Choices { of_kinds: Vec::new(), quiet: None };
    act!(story, holder, tx => choose(tx, &choices)).unwrap();
    assert!(is_not_found(&act!(story, Actor::Visitor, tx => choose(tx, &choices))));
    assert_eq!(story.log().await, ["mail_choice.changed"]);
}

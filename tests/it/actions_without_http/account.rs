//! Passwords and sign-ins.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::PasswordLinkId;
use locumbank::ground::mail::links::password_token;
use locumbank::ground::sign_in::{PersonKind, TokenHash};
use locumbank::people::account::actions::change::{ChangeError, change_password};
use locumbank::people::account::actions::forgotten::{Asked, ask_for_link, choose_by_link};
use locumbank::people::account::actions::sign_ins::{Which, end_sign_ins};
use locumbank::people::account::actions::switch::switch_membership;
use locumbank::people::account::store::password::find_holder;

use super::{Story, is_not_found};

#[tokio::test]
async fn a_password_is_replaced_by_a_link_once_and_changed_by_who_knows_it() {
    let mut story = Story::begin().await;
    let ann = story.who_is_ann.person.clone();
    let asked = Asked { email: ann.email.clone() };
    act!(story, Actor::Visitor, tx => ask_for_link(tx, &asked)).unwrap();
    story.world.work().await;
    let link: PasswordLinkId =
        sqlx::query_scalar("select id from password_reset").fetch_one(story.seed.connection()).await.unwrap();
    let token = TokenHash::of(&password_token(&story.world.app.link_key, link));
    let letterhead = story.world.app.letterhead();
    act!(story, Actor::Visitor, tx => choose_by_link(tx, &letterhead, &token, "a hash")).unwrap();
    let again = act!(story, Actor::Visitor, tx => choose_by_link(tx, &letterhead, &token, "another"));
    assert!(matches!(again, Err(ChangeError::LinkEnded)), "{again:?}");

    let kept = TokenHash::of("the sign-in it is asked from");
    let holder = act!(story, story.ann, tx => find_holder(tx, ann.account)).unwrap().expect("Ann");
    act!(story, story.ann, tx => change_password(tx, &letterhead, &holder, "third", &kept)).unwrap();
    let stale = act!(story, story.ann, tx => change_password(tx, &letterhead, &holder, "fourth", &kept));
    assert!(matches!(stale, Err(ChangeError::ChangedMeanwhile)), "{stale:?}");
    let ended = act!(story, story.ann, tx => end_sign_ins(tx, ann.account, Which::Others, &kept)).unwrap();
    assert_eq!(ended, 0, "she is signed in nowhere");
    assert_eq!(story.log().await, ["password.replaced_by_link", "password.changed"]);
}

#[tokio::test]
async fn a_person_goes_on_in_a_membership_of_theirs_and_in_no_other() {
    let mut story = Story::begin().await;
    let ann = story.who_is_ann.person.clone();
    let manages = story.seed.also(&ann, PersonKind::PracticeManager).await;
    let token = TokenHash::of("the sign-in it is asked from");
    let switched = act!(story, story.ann, tx => switch_membership(tx, (&token, [1; 32]), manages.membership));
    assert_eq!(switched.unwrap(), PersonKind::PracticeManager);
    let others = story.manager.membership().expect("a membership");
    let refused = act!(story, story.ann, tx => switch_membership(tx, (&token, [1; 32]), others));
    assert!(is_not_found(&refused), "{refused:?}");
}

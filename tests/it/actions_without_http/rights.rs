//! What people may have of what is held about them.

use locumbank::ground::actor::Actor;
use locumbank::people::account::store::find_email;
use locumbank::rights::erasure::Reach;
use locumbank::rights::erasure::actions::{ErasureError, erase_person, find_prospect};
use locumbank::rights::export::actions::{ask_for_copy, fetch_copy};

use super::{Story, is_not_found};

#[tokio::test]
async fn a_copy_is_asked_for_and_fetched_by_one_person() {
    let mut story = Story::begin().await;
    let ann = story.who_is_ann.person.account;
    let key = story.world.app.data_key.clone();
    assert!(act!(story, story.ann, tx => ask_for_copy(tx, ann)).unwrap());
    assert!(!act!(story, story.ann, tx => ask_for_copy(tx, ann)).unwrap(), "one is made at a time");
    let nobody = locumbank::ground::id::AccountId::new();
    let none = act!(story, story.administrator, tx => ask_for_copy(tx, nobody));
    assert!(is_not_found(&none), "{none:?}");
    story.world.work().await;
    let file = act!(story, story.ann, tx => fetch_copy(tx, &key, ann)).unwrap();
    assert_eq!(&file[..2], b"PK", "an archive");
    for other in [story.administrator, story.manager] {
        let none = act!(story, other, tx => fetch_copy(tx, &key, ann));
        assert!(is_not_found(&none), "{none:?}");
    }
    assert_eq!(story.log().await, ["data_export.asked", "data_export.fetched"]);
}

#[tokio::test]
async fn somebody_is_erased_once_and_not_before_they_may_go() {
    let mut story = Story::begin().await;
    let (ann, bank) = (story.who_is_ann.person.account, story.seed.bank);
    let alone = story.administrator.account().expect("an account");
    let by = story.administrator;
    let refused = story.world.app.db.change(Actor::SERVICE, async |tx| {
        tx.go_to_bank(bank).await?;
        erase_person(tx, by, (alone, Reach::Account)).await
    });
    let refused = refused.await;
    assert!(matches!(refused, Err(ErasureError::Obstacles(_))), "{refused:?}");
    let ask = async |story: &Story| {
        story
            .world
            .app
            .db
            .change(Actor::SERVICE, async |tx| {
                tx.go_to_bank(bank).await?;
                erase_person(tx, by, (ann, Reach::Bank)).await
            })
            .await
    };
    ask(&story).await.expect("she is erased");
    let again = ask(&story).await;
    assert!(matches!(again, Err(ErasureError::NotFound)), "{again:?}");
    let left = act!(story, Actor::SERVICE, tx => find_email(tx, ann)).unwrap();
    assert_eq!(left, Some(format!("erased-{ann}@erased.invalid")));
    let prospect = act!(story, Actor::SERVICE, tx => find_prospect(tx, ann, Reach::Account)).unwrap();
    assert!(prospect.is_none(), "{prospect:?}");
    assert_eq!(story.log().await, ["person.erased"]);
}

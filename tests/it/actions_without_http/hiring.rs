//! Vacancies.

use chrono::TimeDelta;
use locumbank::ground::not_done::NotDone;
use locumbank::hiring::vacancy::actions::NotChanged;
use locumbank::hiring::vacancy::actions::decide::{close_early, settle};
use locumbank::hiring::vacancy::actions::draft::{begin_draft, change_draft, remove_draft};
use locumbank::hiring::vacancy::actions::publish::{change_advert, publish};
use locumbank::hiring::vacancy::advert::NewAdvert;
use locumbank::hiring::vacancy::store::Draft;
use locumbank::hiring::vacancy::{NotFilled, Outcome};

use super::Story;
use crate::support::vacancies::advert;

fn is_nobodys<T>(outcome: &Result<T, NotChanged>) -> bool {
    matches!(outcome, Err(NotChanged::NotDone(NotDone::NotFound)))
}

/// A vacancy is published, changed, closed and settled.
pub(super) async fn everything_happens_to_a_vacancy(story: &Story) {
    let (mo, now) = (story.manager, story.world.app.clock.now());
    let draft = Draft { practice: story.practice, title: "GP".to_owned(), typed: Vec::new() };
    let id = act!(story, mo, tx => begin_draft(tx, &draft)).expect("a draft");
    let new =
        |title| NewAdvert { advert: advert(title, now + TimeDelta::days(28)), places: vec![story.practice] };
    let (one, other) = (new("GP"), new("GP partner"));
    act!(story, mo, tx => publish(tx, (id, 1), &one, now)).expect("it is published");
    act!(story, mo, tx => change_advert(tx, (id, 2), &[], &other)).expect("it changes");
    act!(story, mo, tx => close_early(tx, id)).expect("it closes");
    act!(story, mo, tx => settle(tx, id, (Outcome::FilledHere, None))).expect("an outcome");
}

#[tokio::test]
async fn a_vacancy_is_drafted_published_changed_closed_and_settled_by_its_practice_alone() {
    let mut story = Story::begin().await;
    let (mo, sam) = (story.manager, story.stranger);
    let draft = |title: &str| Draft { practice: story.practice, title: title.to_owned(), typed: Vec::new() };
    let (first, second) = (draft("Salaried GP"), draft("GP partner"));
    assert!(is_nobodys(&act!(story, sam, tx => begin_draft(tx, &first))));
    let id = act!(story, mo, tx => begin_draft(tx, &first)).unwrap();
    let unwanted = act!(story, mo, tx => begin_draft(tx, &second)).unwrap();
    assert!(is_nobodys(&act!(story, sam, tx => remove_draft(tx, unwanted))));
    act!(story, mo, tx => remove_draft(tx, unwanted)).unwrap();

    assert!(is_nobodys(&act!(story, sam, tx => change_draft(tx, (id, 1), &second))));
    act!(story, mo, tx => change_draft(tx, (id, 1), &second)).unwrap();
    let stale = act!(story, mo, tx => change_draft(tx, (id, 1), &first));
    assert!(matches!(stale, Err(NotChanged::Since)), "{stale:?}");

    let now = story.world.app.clock.now();
    let at = |days| now + TimeDelta::days(days);
    let new = |title, days| NewAdvert { advert: advert(title, at(days)), places: vec![story.practice] };
    let (one, other, past) = (new("Salaried GP", 28), new("Salaried GP, six sessions", 28), new("GP", 1));
    assert!(is_nobodys(&act!(story, sam, tx => publish(tx, (id, 2), &one, now))));
    let backwards = act!(story, mo, tx => publish(tx, (id, 2), &past, at(2)));
    assert!(matches!(backwards, Err(NotChanged::ClosesBeforeItOpens)), "{backwards:?}");
    act!(story, mo, tx => publish(tx, (id, 2), &one, now)).unwrap();
    let again = act!(story, mo, tx => publish(tx, (id, 3), &one, now));
    assert!(matches!(again, Err(NotChanged::Advertised)), "{again:?}");
    let removed = act!(story, mo, tx => remove_draft(tx, id));
    assert!(matches!(removed, Err(NotChanged::Advertised)), "{removed:?}");

    assert!(is_nobodys(&act!(story, sam, tx => change_advert(tx, (id, 3), &[], &other))));
    let what = act!(story, mo, tx => change_advert(tx, (id, 3), &[], &other)).unwrap();
    assert_eq!(what, ["title"]);
    assert!(act!(story, mo, tx => change_advert(tx, (id, 4), &[], &other)).unwrap().is_empty());

    assert!(is_nobodys(&act!(story, sam, tx => close_early(tx, id))));
    act!(story, mo, tx => close_early(tx, id)).unwrap();
    let closed = act!(story, mo, tx => change_advert(tx, (id, 5), &[], &one));
    assert!(matches!(closed, Err(NotChanged::Closed)), "{closed:?}");
    let came = (Outcome::NotFilled, Some(NotFilled::Pay));
    assert!(is_nobodys(&act!(story, sam, tx => settle(tx, id, came))));
    act!(story, mo, tx => settle(tx, id, came)).unwrap();
    let twice = act!(story, mo, tx => settle(tx, id, (Outcome::Stopped, None)));
    assert!(matches!(twice, Err(NotChanged::Settled)), "{twice:?}");

    let log = story.log().await;
    let expected = [
        "vacancy.drafted",
        "vacancy.drafted",
        "vacancy.draft_removed",
        "vacancy.published",
        "vacancy.changed",
        "vacancy.closed",
        "vacancy.settled",
    ];
    assert_eq!(log, expected);
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from event where vacancy_id is not null order by position")
            .fetch_all(story.seed.connection())
            .await
            .unwrap();
    assert_eq!(kinds, ["vacancy_published", "vacancy_changed", "vacancy_closed", "vacancy_settled"]);
}

//! Whom practices prefer, and in which stages sessions are released.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::PreferredListId;
use locumbank::people::practice::actions::{make_list, prefer, prefer_no_more, remove_list};
use locumbank::terms::rules::actions::{Wish as RuleWish, decide_rule};
use locumbank::terms::rules::{Releasing, Rule};
use locumbank::work::booking::error::DeskError;
use locumbank::work::session::SessionTimes;
use locumbank::work::session::store::find_session;
use locumbank::work::stage::actions::{open_due, set_stages};
use locumbank::work::stage::store::list_stages;
use locumbank::work::stage::{Audience, NewStage, Opens};

use super::work::posted;
use super::{Story, is_not_found};

#[tokio::test]
async fn a_practice_keeps_lists_of_whom_it_prefers_and_sessions_are_released_by_the_banks_rule() {
    let mut story = Story::begin().await;
    let (practice, ann) = (story.practice, story.who_is_ann.id);
    assert!(is_not_found(&act!(story, story.stranger, tx => make_list(tx, practice, "Regulars"))));
    act!(story, story.manager, tx => make_list(tx, practice, "Regulars")).unwrap();
    act!(story, story.manager, tx => make_list(tx, practice, "Regulars")).unwrap();
    let list: PreferredListId =
        sqlx::query_scalar("select id from preferred_list").fetch_one(story.seed.connection()).await.unwrap();
    let whom = (list, ann);
    assert!(is_not_found(&act!(story, story.stranger, tx => prefer(tx, practice, whom))));
    let unknown = (PreferredListId::new(), ann);
    assert!(is_not_found(&act!(story, story.manager, tx => prefer(tx, practice, unknown))));
    act!(story, story.manager, tx => prefer(tx, practice, whom)).unwrap();

    let (far, near) = (story.session("2026-12-08").await, story.session("2026-11-10").await);
    let mut like = Vec::new();
    for id in [far, near] {
        let found = find_session(&mut story.world.app.db.look(story.manager).await.unwrap(), id).await;
        like.push(found.unwrap().expect("the session").asked.times);
    }
    let rule = Rule::Releasing(Releasing { is_staged: true, ..Releasing::AT_ONCE });
    let (reliants, why) = (story.desk.reliants.clone(), "Regulars first".to_owned());
    let wish = RuleWish { rule, seen: 0, why };
    act!(story, story.administrator, tx => decide_rule(tx, &reliants, &wish)).unwrap();
    let released = posted(&story, like[0], story.manager).await.unwrap();
    let near = posted(&story, like[1], story.manager).await.unwrap();
    let stages = {
        let mut tx = story.world.app.db.look(story.manager).await.unwrap();
        assert_eq!(list_stages(&mut tx, near).await.unwrap(), []);
        list_stages(&mut tx, released).await.unwrap()
    };
    let audiences: Vec<_> = stages.iter().map(|stage| (stage.audience.code(), stage.hours_before)).collect();
    assert_eq!(audiences, [("preferred", None), ("worked_here", Some(504)), ("everybody", Some(336))]);

    let open: [NewStage; 0] = [];
    let stranger = act!(story, story.stranger, tx => set_stages(tx, released, &open));
    assert!(matches!(stranger, Err(DeskError::NotFound)), "{stranger:?}");
    act!(story, story.manager, tx => set_stages(tx, released, &open)).unwrap();
    assert!(is_not_found(&act!(story, story.stranger, tx => prefer_no_more(tx, practice, whom))));
    act!(story, story.manager, tx => prefer_no_more(tx, practice, whom)).unwrap();
    assert!(is_not_found(&act!(story, story.manager, tx => prefer_no_more(tx, practice, whom))));
    assert!(is_not_found(&act!(story, story.stranger, tx => remove_list(tx, practice, list))));
    act!(story, story.manager, tx => remove_list(tx, practice, list)).unwrap();
    let log = [
        "practice.list_made",
        "practice.prefers",
        "bank.rule_decided",
        "session.posted",
        "session.posted",
        "session.stages_set",
        "practice.prefers_no_more",
        "practice.list_removed",
    ];
    assert_eq!(story.log().await, log);
}

/// A session is posted, open to everybody from now on, which is noted.
pub(super) async fn a_stage_opens(story: &mut Story, times: SessionTimes) {
    let staged = posted(story, times, story.manager).await.expect("a session");
    let opens = Opens::At(story.world.app.clock.now());
    let stages = [NewStage { audience: Audience::Everybody, opens, keeps_previous: true }];
    act!(story, story.manager, tx => set_stages(tx, staged, &stages)).expect("stages");
    act!(story, Actor::SERVICE, tx => open_due(tx)).expect("an opening");
}

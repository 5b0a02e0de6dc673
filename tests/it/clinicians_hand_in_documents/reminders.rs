//! Clinicians are told that a document of theirs ends: 60, 30, 14 and 3 days before, each once.

use chrono::TimeDelta;

use super::{INDEMNITY, PDF, Story};
use crate::support::World;

impl Story {
    /// The subjects of what was told about documents and clearances that end.
    fn told(&self, world: &World) -> Vec<String> {
        let all = world.inbox.of(&self.ann.person.email);
        all.iter().map(|mail| mail.header("Subject")).filter(|it| it.contains(" ends ")).collect()
    }
}

/// Lives through so many days, with what is done by itself on each.
async fn live(world: &World, days: usize) {
    for _ in 0..days {
        world.work().await;
        world.app.clock.advance(TimeDelta::days(1));
    }
}

#[tokio::test]
async fn a_document_that_ends_is_told_of_four_times() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let ann = story.ann.clone();
    // Ends 62 days after the beginning; no role needs it.
    story.seed.competency(&ann, "enhanced_dbs", Some("2027-01-03")).await;
    live(&world, 64).await;
    assert_eq!(
        story.told(&world),
        [60, 30, 14, 3].map(|days| format!("Sun 3 Jan, Test bank: Enhanced DBS check ends in {days} days"))
    );
    let text = world.inbox.last_of(&ann.person.email).text();
    assert!(text.contains("/me/documents/new?competency=enhanced_dbs"), "{text}");
    world.stop().await;
}

#[tokio::test]
async fn nobody_is_told_twice_of_the_same_end() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let ann = story.ann.clone();
    sqlx::query("insert into role_requirement (bank_id, role, competency, valid_from, decided_at) values ($1, 'gp', 'indemnity', '2026-01-01', now())")
        .bind(story.seed.bank)
        .execute(story.seed.connection())
        .await
        .expect("a need");
    story.seed.competency(&ann, "indemnity", Some("2027-01-03")).await;
    live(&world, 41).await;
    // The clearance ends with the document, so from the second step on one mail tells of both.
    assert_eq!(
        story.told(&world),
        [
            "Sun 3 Jan, Test bank: Indemnity ends in 60 days",
            "Sun 3 Jan, Test bank: your clearance to work as a GP ends in 30 days"
        ]
    );
    // Somebody who has handed in a newer one is not asked for it.
    story.at_home = world.signed_in(&ann.person.email).await;
    story.seed.competency(&ann, "enhanced_dbs", Some("2027-01-03")).await;
    let newer = [&[("competency", "enhanced_dbs")], &INDEMNITY[1..]].concat();
    story.hands_in(&newer, ("dbs.pdf", PDF)).await.expect(303);
    live(&world, 10).await;
    let told = story.told(&world);
    assert!(!told.iter().any(|it| it.contains("DBS")), "{told:?}");
    world.stop().await;
}

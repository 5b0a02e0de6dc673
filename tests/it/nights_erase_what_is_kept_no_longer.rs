//! Nights erase what a bank keeps no longer, by the times it has decided: the first night by a rule only counts.

use chrono::TimeDelta;
use locumbank::ground::sign_in::PersonKind;
use locumbank::rights::retention::actions::{Earnest, erase_by_time};
use sqlx::Executor as _;

use crate::support::World;
use crate::support::documents::waiting_document;
use crate::support::opening::Opening;
use crate::support::seed::Seed;

/// A bank with something of each kind whose time is over, and the same again whose time is not.
async fn old_and_new() -> Opening {
    let mut opening = Opening::begin().await;
    let Opening { world, seed, administrator, ann, .. } = &mut opening;
    let gone = seed.person(PersonKind::Commissioner, "Gus Gone").await;
    let left = seed.person(PersonKind::Commissioner, "Lea Left").await;
    let old = waiting_document(world, seed.bank, ann, "enhanced_dbs").await;
    waiting_document(world, seed.bank, ann, "right_to_work").await;
    for text in ["old", "new"] {
        let mut mail = crate::support::mail_to(seed.bank, "mo@people.test", text);
        mail.dedup_key = text.to_owned();
        world.write_mails(vec![mail]).await;
    }
    world.work().await;
    let statements = format!(
        "update membership set ended_at = '2019-05-01', created_at = '2019-01-01' where account_id = '{gone}';
         update membership set ended_at = '2024-05-01', created_at = '2019-01-01' where account_id = '{left}';
         update mail set finished_at = '2026-03-01' where text_body = 'old';
         update document set state = 'sent_back', ended_at = '2025-09-01', ended_by = '{abi}', reason = 'Not readable'
          where id = '{old}';
         insert into kept_name (bank_id, clinician_id, name, kept_until)
             select bank_id, id, 'Nora Name', '2026-10-31' from clinician;
         delete from retention_run",
        gone = gone.account,
        left = left.account,
        abi = administrator.account,
    );
    seed.connection().execute(sqlx::AssertSqlSafe(statements)).await.expect("a past");
    opening
}

async fn left(seed: &mut Seed) -> (i64, i64, i64, i64) {
    sqlx::query_as(
        "select (select count(*) from account where name in ('Gus Gone', 'Lea Left')),
                (select count(*) from mail where text_body in ('old', 'new')),
                (select count(*) from document_file),
                (select count(*) from kept_name)",
    )
    .fetch_one(seed.connection())
    .await
    .expect("what is left")
}

/// The next night's work, and an administrator in the morning.
async fn night(world: &World, email: &str) -> String {
    world.app.clock.advance(TimeDelta::days(1));
    world.work().await;
    world.signed_in(email).await.get("/bank/erased").await.expect(200).text()
}

#[tokio::test]
async fn the_first_night_counts_and_the_second_erases() {
    let Opening { world, mut seed, administrator, .. } = old_and_new().await;
    let (_, counted) = erase_by_time(&world.app.db, seed.bank, Earnest::Counts).await.expect("a count");
    assert_eq!((counted.people, counted.mails, counted.files, counted.names), (1, 1, 1, 1), "{counted:?}");
    assert_eq!(left(&mut seed).await, (2, 2, 2, 1), "counting erases nothing");

    let page = night(&world, &administrator.email).await;
    assert!(page.contains("Counted") && page.contains("People who left and are erased: 1"), "{page}");
    assert_eq!(left(&mut seed).await, (2, 2, 2, 1), "the first night only counts");
    let page = night(&world, &administrator.email).await;
    assert!(page.contains("Erased"), "{page}");
    assert_eq!(left(&mut seed).await, (1, 1, 1, 0), "what was counted is erased, and nothing else");
    let administrator = world.signed_in(&administrator.email).await;
    administrator
        .get("/audit")
        .await
        .expect(200)
        .says("Records erased by the bank’s times")
        .says("people: 1");

    // Other times, and again a night that only counts.
    let shorter = [
        ("bookings_years", "6"),
        ("left_years", "1"),
        ("documents_months", "12"),
        ("applications_months", "12"),
        ("mails_days", "180"),
        ("plans_days", "365"),
        ("why", "As others do"),
        ("version", "0"),
    ];
    let check = administrator.post("/bank/retention/check", &shorter).await.expect(200);
    check.says("The first night after the change only counts");
    administrator.post("/bank/retention", &shorter).await.expect(303);
    world.app.clock.advance(TimeDelta::days(1));
    world.work().await;
    assert_eq!(left(&mut seed).await, (1, 1, 1, 0), "it only counts");
    world.app.clock.advance(TimeDelta::days(1));
    world.work().await;
    assert_eq!(left(&mut seed).await, (0, 1, 1, 0), "Lea has left for more than a year");
    world.stop().await;
}

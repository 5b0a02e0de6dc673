//! The log of changes is sealed as time passes; whoever alters it past the database's own refusal is found out.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::audit::jobs::{compare_with_seals, seal_log};
use locumbank::ground::audit::seal::Verdict;
use locumbank::ground::sign_in::PersonKind;
use serde_json::Value;
use sqlx::{Connection, Executor, PgConnection};

use crate::support::World;
use crate::support::seed::Seed;

const NEW_LINE: &str = "insert into audit_event (bank_id, at, action, subject_kind, subject_id)
                        select id, now(), 'session.posted', 'session', gen_random_uuid() from bank limit 1";

/// A service with a bank and `lines` lines in its log, beside those that seeding writes.
async fn world_with_lines(lines: usize) -> (World, PgConnection) {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    seed.person(PersonKind::BankAdministrator, "Sam Example").await;
    let mut connection = world.connection().await;
    for _ in 0..lines {
        connection.execute(NEW_LINE).await.expect("a line");
    }
    (world, connection)
}

async fn verdict(world: &World) -> Verdict {
    let mut tx = world.app.db.look(Actor::Operator).await.expect("a connection");
    compare_with_seals(&mut tx).await.expect("compares")
}

async fn seals(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("select count(*) from audit_seal").fetch_one(connection).await.expect("counts")
}

#[tokio::test]
async fn what_is_written_is_sealed_hour_by_hour() {
    let (world, mut connection) = world_with_lines(5).await;
    world.work().await;
    assert_eq!(seals(&mut connection).await, 1);
    connection.execute(NEW_LINE).await.expect("a line");
    world.app.clock.advance(TimeDelta::hours(1));
    world.work().await;
    assert_eq!(seals(&mut connection).await, 2);
    let last: i64 = sqlx::query_scalar("select max(position) from audit_event")
        .fetch_one(&mut connection)
        .await
        .expect("reads");
    assert_eq!(verdict(&world).await, Verdict::Whole { sealed_until: last });
    seal_log(&world.app, Value::Null).await.expect("seals");
    assert_eq!(seals(&mut connection).await, 2, "where nothing is new there is nothing to seal");
    world.stop().await;
}

#[tokio::test]
async fn an_altered_a_removed_and_an_added_line_are_found() {
    for tampering in [
        "update audit_event set action = 'session.withdrawn' where position = (select min(position) from audit_event)",
        "delete from audit_event where position = (select min(position) + 1 from audit_event)",
        "update audit_event set at = at - interval '1 microsecond' where position = (select min(position) from audit_event)",
    ] {
        let (world, mut connection) = world_with_lines(4).await;
        seal_log(&world.app, Value::Null).await.expect("seals");
        connection.execute(tampering).await.expect_err("the database refuses it");
        assert!(matches!(verdict(&world).await, Verdict::Whole { .. }), "nothing has changed yet");
        connection.execute("alter table audit_event disable trigger all").await.expect("a superuser can");
        connection.execute(tampering).await.expect("nothing refuses it now");
        assert!(matches!(verdict(&world).await, Verdict::Altered { after: 0, .. }), "{tampering}");
        world.stop().await;
    }
}

#[tokio::test]
async fn a_line_slipped_in_between_two_seals_is_found() {
    let (world, mut connection) = world_with_lines(2).await;
    seal_log(&world.app, Value::Null).await.expect("seals");
    // The identity column leaves a gap that somebody could fill later.
    connection
        .execute("select nextval(pg_get_serial_sequence('audit_event', 'position'))")
        .await
        .expect("a gap");
    connection.execute(NEW_LINE).await.expect("a line");
    seal_log(&world.app, Value::Null).await.expect("seals");
    assert!(matches!(verdict(&world).await, Verdict::Whole { .. }));
    connection
        .execute(
            "insert into audit_event (position, bank_id, at, action, subject_kind, subject_id)
             overriding system value
             select (select max(position) - 1 from audit_event), id, now(), 'session.posted', 'session', gen_random_uuid()
               from bank limit 1",
        )
        .await
        .expect("a line in the gap");
    assert!(matches!(verdict(&world).await, Verdict::Altered { after: 1.., .. }));
    world.stop().await;
}

/// A line that is written but not committed has its place already. A seal that went past it would call it slipped in.
#[tokio::test]
async fn a_seal_waits_for_a_line_that_is_being_written() {
    let (world, mut connection) = world_with_lines(1).await;
    let mut slow = world.connection().await;
    let mut writing = slow.begin().await.expect("begins");
    writing.execute(NEW_LINE).await.expect("a line, not committed");
    connection.execute(NEW_LINE).await.expect("a later line, committed");
    let app = world.app.clone();
    let sealing = tokio::spawn(async move { seal_log(&app, Value::Null).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(seals(&mut connection).await, 0, "it waits");
    writing.commit().await.expect("commits");
    sealing.await.expect("ends").expect("seals");
    connection.execute(NEW_LINE).await.expect("a line");
    seal_log(&world.app, Value::Null).await.expect("seals");
    assert_eq!(seals(&mut connection).await, 2);
    assert!(matches!(verdict(&world).await, Verdict::Whole { .. }));
    world.stop().await;
}

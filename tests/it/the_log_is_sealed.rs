//! The log of changes is sealed as time passes; whoever alters it past the database's own refusal is found out.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::audit::jobs::{compare_with_seals, seal_log};
use locumbank::ground::audit::seal::{SealedLine, Verdict, chained};
use locumbank::ground::clock::Clock;
use locumbank::ground::db::MIGRATIONS;
use locumbank::ground::sign_in::PersonKind;
use serde_json::Value;
use sqlx::migrate::Migrator;
use sqlx::{Connection, Executor, PgConnection};

use crate::support::seed::Seed;
use crate::support::{Inbox, World, beginning, empty_database, lay_schema};

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

/// What a line says names nobody in the sealed log; it lies beside it, can be emptied, and can't be changed unnoticed.
#[tokio::test]
async fn what_was_said_lies_beside_the_log() {
    let (world, mut connection) = world_with_lines(1).await;
    let line = "insert into audit_event (bank_id, at, action, subject_kind, subject_id, detail)
                select id, now(), 'mail_address.stopped', 'mail', gen_random_uuid(), '{\"address\": \"ann@people.test\"}'
                  from bank limit 1";
    connection.execute(line).await.expect("a line");
    connection.execute(line).await.expect("the same again");
    let logged: Vec<String> = sqlx::query_scalar("select detail::text from audit_event where detail <> '{}'")
        .fetch_all(&mut connection)
        .await
        .expect("the log");
    assert!(logged.iter().all(|detail| detail.contains("hash") && !detail.contains("ann")), "{logged:?}");
    assert_ne!(logged[0], logged[1], "nobody tells by the hash that the same was said");
    seal_log(&world.app, Value::Null).await.expect("seals");
    assert!(matches!(verdict(&world).await, Verdict::Whole { .. }));

    let otherwise = "update audit_detail set detail = '{\"address\": \"ben@people.test\"}'
                      where position = (select min(position) from audit_detail)";
    connection.execute(otherwise).await.expect_err("it is only emptied");
    connection.execute("delete from audit_detail").await.expect_err("it is only emptied");
    let emptied = "update audit_detail set detail = null, salt = null, erased_at = now()
                    where position = (select min(position) from audit_detail)";
    connection.execute(emptied).await.expect("it is emptied");
    assert!(matches!(verdict(&world).await, Verdict::Whole { .. }), "the chain does not know of it");
    connection.execute(emptied).await.expect_err("once");

    connection.execute("alter table audit_detail disable trigger all").await.expect("a superuser can");
    let otherwise =
        "update audit_detail set detail = '{\"address\": \"ben@people.test\"}' where erased_at is null";
    connection.execute(otherwise).await.expect("nothing refuses it now");
    assert!(matches!(verdict(&world).await, Verdict::OtherDetail { .. }));
    connection.execute("delete from audit_detail").await.expect("nothing refuses it now");
    assert!(matches!(verdict(&world).await, Verdict::OtherDetail { .. }));
    world.stop().await;
}

/// The migration that moved what was said beside the log.
const MOVES: i64 = 90;

/// A log of the version before, with what was said inside, sealed; and the schema of this version laid over it. Before that,
/// `tampering` is done to it.
async fn log_of_before(tampering: &'static str) -> (World, PgConnection) {
    let url = empty_database().await;
    let mut connection = PgConnection::connect(&url).await.expect("a database");
    let before = MIGRATIONS.iter().filter(|migration| migration.version < MOVES);
    let before = Migrator { migrations: before.cloned().collect(), ..Migrator::DEFAULT };
    before.run(&mut connection).await.expect("the schema of before");
    connection
        .execute("insert into bank (id, name, time_zone, created_at) values (gen_random_uuid(), 'Test bank', 'Europe/London', now())")
        .await
        .expect("a bank");
    for (number, hash_of_before) in [(1_i64, None), (3, Some(1_i64))] {
        let lines = "insert into audit_event (bank_id, at, action, subject_kind, subject_id, detail)
                     select id, '2026-10-02 09:30:00.123456', 'alert.added', 'alert', gen_random_uuid(),
                            jsonb_build_object('place', 'BH1 ' || n, 'within_metres', n)
                       from bank, generate_series(1, $1) n";
        sqlx::query(lines).bind(number).execute(&mut connection).await.expect("lines");
        seal_as_before(&mut connection, hash_of_before).await;
    }
    connection.execute(tampering).await.expect("tampering");
    lay_schema(&url).await;
    (World::start_on(&url, Inbox::start(), Clock::standing_at(beginning())).await, connection)
}

/// Seals the lines after `sealed`, as every version does.
async fn seal_as_before(connection: &mut PgConnection, sealed: Option<i64>) {
    let before: Option<Vec<u8>> = sqlx::query_scalar("select hash from audit_seal where position = $1")
        .bind(sealed)
        .fetch_optional(&mut *connection)
        .await
        .expect("the seal before");
    let before = before.map_or([0; 32], |hash| hash.try_into().expect("a hash"));
    let lines: Vec<SealedLine> = sqlx::query_as(
        "select position, bank_id, at, account_id, action, subject_kind, subject_id, detail::text as detail
           from audit_event where position > $1 order by position",
    )
    .bind(sealed.unwrap_or(0))
    .fetch_all(&mut *connection)
    .await
    .expect("the lines");
    let hash = lines.iter().fold(before, |hash, line| chained(&hash, line));
    sqlx::query("insert into audit_seal (position, hash, sealed_at) values ($1, $2, now())")
        .bind(lines.last().expect("a line").position)
        .bind(hash.as_slice())
        .execute(connection)
        .await
        .expect("a seal");
}

#[tokio::test]
async fn a_log_of_before_is_sealed_anew_with_what_was_said_beside_it() {
    let (world, mut connection) = log_of_before("select 1").await;
    assert_eq!(verdict(&world).await, Verdict::Whole { sealed_until: 4 });
    let said: Vec<(String, String)> = sqlx::query_as(
        "select e.detail::text, l.detail ->> 'place' from audit_event e join audit_line l using (position) order by position",
    )
    .fetch_all(&mut connection)
    .await
    .expect("the log");
    let places: Vec<&str> = said.iter().map(|(_, place)| place.as_str()).collect();
    assert_eq!(places, ["BH1 1", "BH1 1", "BH1 2", "BH1 3"]);
    assert!(said.iter().all(|(sealed, _)| !sealed.contains("BH1")), "{said:?}");
    let kept: i64 = sqlx::query_scalar("select count(*) from audit_seal where hash_before <> hash")
        .fetch_one(&mut connection)
        .await
        .expect("the seals");
    assert_eq!(kept, 2, "each keeps what it was");
    world.stop().await;
}

#[tokio::test]
async fn a_log_that_was_altered_before_it_was_sealed_anew_stays_altered() {
    let (world, _) = log_of_before(
        "alter table audit_event disable trigger all;
         update audit_event set detail = '{\"place\": \"BH2\"}' where position = 3;
         alter table audit_event enable trigger all",
    )
    .await;
    assert_eq!(verdict(&world).await, Verdict::Altered { after: 1, until: 4 });
    world.stop().await;
}

//! Each column of each table has a line that says what a copy for the person has of it, and what becomes of it when they
//! are erased; and what is made of the lines is SQL.

use std::collections::{BTreeMap, BTreeSet};

use locumbank::rights::held::{Column, Erased, Exported, Rows, Table, Whose, tables};
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::support::World;

/// The history of the schema itself, which migrations keep.
const NOT_OURS: &str = "_sqlx_migrations";

/// Every column of the schema's tables, as `table.column`.
async fn columns(connection: &mut PgConnection) -> BTreeSet<String> {
    let found: Vec<String> = sqlx::query_scalar(
        "select c.table_name || '.' || c.column_name
           from information_schema.columns c
           join information_schema.tables t using (table_schema, table_name)
          where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> $1",
    )
    .bind(NOT_OURS)
    .fetch_all(connection)
    .await
    .expect("the schema");
    found.into_iter().collect()
}

/// Every line, as `table.column`.
fn lines() -> BTreeSet<String> {
    let of_table =
        |table: &'static Table| table.columns.iter().map(|column| format!("{}.{}", table.name, column.name));
    tables().flat_map(of_table).collect()
}

#[tokio::test]
async fn every_column_has_a_line_and_every_line_a_column() {
    let world = World::start().await;
    let mut owner = world.connection().await;
    let (columns, lines) = (columns(&mut owner).await, lines());
    let without_line: Vec<_> = columns.difference(&lines).collect();
    assert!(
        without_line.is_empty(),
        "say in src/rights/held what a copy for the person has of these, and what becomes of them when somebody is erased: \
         {without_line:?}"
    );
    let without_column: Vec<_> = lines.difference(&columns).collect();
    assert!(without_column.is_empty(), "these lines are of columns that are not there: {without_column:?}");
    assert!(columns.len() > 400, "the schema was not found");

    // A guard that nobody has seen fail is no guard.
    owner.execute("alter table alert add column whims text").await.expect("a column");
    let columns = self::columns(&mut owner).await;
    assert_eq!(columns.difference(&lines).collect::<Vec<_>>(), ["alert.whims"]);
    world.stop().await;
}

#[test]
fn each_table_and_column_has_one_line() {
    let mut seen = BTreeMap::new();
    for table in tables() {
        *seen.entry(table.name.to_owned()).or_insert(0) += 1;
        for column in table.columns {
            *seen.entry(format!("{}.{}", table.name, column.name)).or_insert(0) += 1;
        }
    }
    let doubled: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
}

/// What a copy has of a table has a heading, and what has a heading a column.
#[test]
fn a_copy_has_a_heading_for_whatever_it_has() {
    for table in tables() {
        let is_copied = table.columns.iter().any(|column| column.label().is_some());
        assert_eq!(is_copied, !table.heading.is_empty(), "{}", table.name);
        assert!(!is_copied || table.whose != Whose::Nobodys, "{} is nobody's, and copied", table.name);
    }
}

/// Columns of text that say nothing of who somebody was.
const SAYS_NOTHING: &[&str] = &[
    "audit_event.action",
    "audit_event.detail",
    "audit_event.subject_kind",
    "booking.cancel_reason",
    "booking.cancelled_side",
    "booking.engagement",
    "booking.organiser_address",
    "booking.organiser_name",
    "booking.role",
    "booking.state",
    "booking.fee_steps",
    "booking.way_in",
    "booking_event.kind",
    "clearance.role",
    "clinician.engagement",
    "clinician.role",
    "event.detail",
    "event.kind",
    "kept_name.name",
    "kept_name.registration_number",
    "mail.dedup_key",
    "mail.kind",
    "mail.message_id",
    "membership.kind",
    "offer.state",
    "plan.bound_proof",
    "plan.failure",
    "plan.plan",
    "plan.state",
    "account.name_searched",
    "practice_guide.arrival",
    "practice_guide.clinical_system",
    "practice_guide.parking",
    "practice_guide.phone",
    "register_lookup.outcome",
    "register_lookup.register",
    "register_lookup.source",
    "request.reason",
    "request.state",
    // A post, and what came of it. Who is named in its words is taken out of them.
    "vacancy.contract",
    "vacancy.outcome",
    "vacancy.outcome_reason",
    "vacancy.role",
    "vacancy.staff_group",
    "vacancy.title",
    "vacancy.title_searched",
    "vacancy.words",
    "terms_accepted.section",
    "round_entry.lot",
    "round_entry.ticket",
    // What was done beside the hours, at agreed prices.
    "work_said.extras",
    "work_sign_off.extras",
    "feedback.side",
    "feedback.went",
];

/// Each column of text in a row of somebody's that stays is either emptied, or has been found to say nothing of who it was.
#[tokio::test]
async fn every_text_that_stays_beside_somebody_is_known() {
    let world = World::start().await;
    let texts: Vec<String> = sqlx::query_scalar(
        "select c.table_name || '.' || c.column_name from information_schema.columns c
          where c.table_schema = 'public' and c.data_type in ('text', 'jsonb') order by 1",
    )
    .fetch_all(&mut world.connection().await)
    .await
    .expect("the schema");
    let stays = |table: &Table, column: &Column| {
        table.whose != Whose::Nobodys
            && table.rows != Rows::Go
            && column.erased == Erased::WithItsRow
            && column.exported != Exported::Secret
            && texts.contains(&format!("{}.{}", table.name, column.name))
    };
    let mut found = BTreeSet::new();
    for table in tables() {
        let stay = table.columns.iter().filter(|column| stays(table, column));
        found.extend(stay.map(|column| format!("{}.{}", table.name, column.name)));
    }
    let known: BTreeSet<String> = SAYS_NOTHING.iter().map(|name| (*name).to_owned()).collect();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "these stay beside whoever is erased: {unknown:?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "these do not stay: {gone:?}");
    world.stop().await;
}

#[tokio::test]
async fn what_is_made_of_the_lines_is_sql() {
    let world = World::start().await;
    let mut owner = world.connection().await;
    let mut tried = 0;
    for table in tables() {
        for whole in [true, false] {
            let made = [
                table.copy_statement(whole),
                table.count_statement(whole),
                table.erase_statement(whole),
                table.redact_statement(),
            ];
            for statement in made.into_iter().flatten() {
                tried += 1;
                let text = format!("prepare tried (uuid, uuid[], text, text, timestamptz) as {statement}");
                owner
                    .execute(AssertSqlSafe(text))
                    .await
                    .unwrap_or_else(|error| panic!("{statement}: {error}"));
                owner.execute("deallocate tried").await.expect("a prepared statement");
            }
        }
    }
    assert!(tried > 150, "only {tried} statements");
    world.stop().await;
}

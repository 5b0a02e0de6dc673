//! Every SQL statement of the stores is one that PostgreSQL reads, on the schema that the migrations make.

use sqlx::{Executor as _, PgConnection};

use crate::architecture::source::project;
use crate::support::World;

/// PostgreSQL could read the statement, and only wants to be told a parameter's type, which the program does.
const WANTS_A_TYPE: [&str; 3] = ["42P18", "42P08", "42725"];

/// What PostgreSQL says against a statement.
async fn objection(connection: &mut PgConnection, statement: &str) -> Option<String> {
    let text = format!("prepare tried as {statement}");
    match connection.execute(sqlx::AssertSqlSafe(text)).await {
        Ok(_) => {
            connection.execute("deallocate tried").await.expect("a prepared statement");
            None
        }
        Err(error) => {
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            let only_a_type = code.as_deref().is_some_and(|code| WANTS_A_TYPE.contains(&code));
            (!only_a_type).then(|| error.to_string())
        }
    }
}

#[tokio::test]
async fn postgresql_reads_every_statement() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    let (mut tried, mut objections) = (0, Vec::new());
    for source in project(&["src"], "rs").iter().filter(|source| source.path.contains("store")) {
        for (line, text) in &source.strings {
            let starts = ["select ", "insert into ", "update ", "delete from ", "with "];
            if starts.iter().any(|start| text.trim_start().starts_with(start)) {
                tried += 1;
                let objection = objection(&mut connection, text).await;
                objections.extend(objection.map(|objection| format!("{}:{line}: {objection}", source.path)));
            }
        }
    }
    assert!(tried > 100, "only {tried} statements were found");
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

#[tokio::test]
async fn a_statement_that_can_not_be_read_is_found() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    for statement in
        ["select nothing from session", "select id from sessions", "select id from session where"]
    {
        assert!(objection(&mut connection, statement).await.is_some(), "{statement}");
    }
}

//! Every SQL statement of the stores is one that PostgreSQL reads, on the schema that the migrations make.

use sqlx::{Executor as _, PgConnection};

use crate::architecture::source::{Source, project};
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

/// A statement that `concat!` makes, with its first and last line.
#[derive(Debug, PartialEq, Eq)]
struct PutTogether {
    lines: (usize, usize),
    text: String,
}

/// The statements that `concat!` makes of strings and of what stands in a macro of the project, a string each.
fn put_together(source: &Source, macros: &[Source]) -> Vec<PutTogether> {
    let calls = source.text.match_indices("concat!(").map(|(at, _)| {
        let line = |at: usize| source.text[..at].lines().count();
        let end = source.text[at..].find("\n    ))").map_or(source.text.len(), |length| at + length);
        let between_quotes = source.text[at..end].split('"').enumerate();
        let pieces = between_quotes.map(|(number, piece)| match number % 2 {
            1 => piece.to_owned(),
            _ => called(piece).map(|name| string_of(macros, name)).collect(),
        });
        PutTogether { lines: (line(at), line(end)), text: pieces.collect() }
    });
    calls.collect()
}

/// The names of the macros that are called between two strings.
fn called(between: &str) -> impl Iterator<Item = &str> {
    between.match_indices("!()").map(|(at, _)| {
        let before = &between[..at];
        before.rsplit([' ', '\n', ':', '(']).next().unwrap_or(before)
    })
}

/// The string that a macro stands for.
fn string_of(sources: &[Source], name: &str) -> String {
    let head = format!("macro_rules! {name} {{");
    let rest = sources.iter().find_map(|source| source.text.split_once(&head).map(|(_, rest)| rest));
    rest.and_then(|rest| rest.split('"').nth(1)).expect("a string").to_owned()
}

/// Every statement of a source with its line: those in one string, and those put together of several.
fn statements(source: &Source, macros: &[Source]) -> Vec<(usize, String)> {
    let whole = put_together(source, macros);
    let is_piece = |line: usize| whole.iter().any(|call| call.lines.0 <= line && line <= call.lines.1);
    let strings = source.strings.iter().filter(|(line, _)| !is_piece(*line)).cloned();
    let starts = ["select ", "insert into ", "update ", "delete from ", "with "];
    let all = strings.chain(whole.iter().map(|call| (call.lines.0, call.text.clone())));
    all.filter(|(_, text)| starts.iter().any(|start| text.trim_start().starts_with(start))).collect()
}

#[tokio::test]
async fn postgresql_reads_every_statement() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    let (mut tried, mut objections) = (0, Vec::new());
    let sources = project(&["src"], "rs");
    for source in sources.iter().filter(|source| source.path.contains("store")) {
        for (line, text) in statements(source, &sources) {
            tried += 1;
            let objection = objection(&mut connection, &text).await;
            objections.extend(objection.map(|objection| format!("{}:{line}: {objection}", source.path)));
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

#[test]
fn a_statement_of_several_strings_is_put_together() {
    let list = "macro_rules! thing_columns {\n    () => {\n        \"t.id, t.name\"\n    };\n}\n";
    let call = "    query(concat!(\n        \"select \",\n        thing_columns!(),\n        \" from thing t\",\n    ))\n";
    let sources = [Source::new("src/work/thing/store.rs", &format!("{list}{call}"))];
    let whole = statements(&sources[0], &sources);
    assert_eq!(whole, [(6, "select t.id, t.name from thing t".to_owned())]);
    // Two macros may follow each other.
    let twice = call.replace("thing_columns!(),\n", "thing_columns!(),\n        thing_columns!(),\n");
    let sources = [Source::new("src/work/thing/store.rs", &format!("{list}{twice}"))];
    let whole = statements(&sources[0], &sources);
    assert_eq!(whole[0].1, "select t.id, t.namet.id, t.name from thing t");
}

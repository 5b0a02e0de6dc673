//! Who may know what: the core knows no clock, database or web; a slice's rules know no SQL and no HTTP; SQL lies in
//! stores, and each table is written by one slice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// Slices of the ground whose rules are about storing, sending and showing.
const TECHNICAL: [&str; 5] = ["web", "db", "cache", "queue", "mail"];

/// What the crates of the core may use, beside their own modules.
const CORE_MAY_USE: [&str; 14] = [
    "std",
    "chrono",
    "chrono_tz",
    "serde",
    "serde_json",
    "thiserror",
    "rayon",
    "rstar",
    "good_lp",
    "highs",
    "matching_model",
    "crate",
    "super",
    "self",
];

/// Parts of the allowed that would let the core act, or know the time of day.
const CORE_MAY_NOT: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Utc::now",
    "sqlx::",
    "actix_web::",
    "tokio::",
];

/// The only files that know the solver.
const KNOW_THE_SOLVER: [&str; 3] = [
    "crates/matching/src/bound/exact.rs",
    "crates/matching/src/bound/highs.rs",
    "crates/matching/src/round/model.rs",
];

/// Whether this is a source of one of the core's crates, and none of its tests.
fn is_core(source: &Source) -> bool {
    let mut folders = source.path.split('/');
    folders.next() == Some("crates") && folders.nth(1) == Some("src") && source.file_name() != "tests.rs"
}

fn core() -> Vec<Source> {
    project(&["crates"], "rs").into_iter().filter(is_core).collect()
}

fn core_reaches_out(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| is_core(source)) {
        let knows_the_solver = KNOW_THE_SOLVER.iter().any(|known| {
            source.path == *known || source.path.starts_with(&format!("{}/", known.trim_end_matches(".rs")))
        });
        offences.extend(source.lines_where(|line| {
            let solver =
                line.contains("good_lp::") || line.contains("highs::Ro") || line.contains("use highs::");
            CORE_MAY_NOT.iter().any(|part| line.contains(part))
                || (solver && !knows_the_solver)
                || imported_root(line).is_some_and(|root| !core_may_import(root))
        }));
    }
    offences
}

/// The first name of a `use` line.
fn imported_root(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let path = line.strip_prefix("use ")?;
    path.split([':', ';', ' ']).next()
}

/// A module of the core is imported by its name alone where it lies beside the importing one.
fn core_may_import(root: &str) -> bool {
    static MODULES: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| core().iter().map(|module| module.file_name().to_owned()).collect());
    CORE_MAY_USE.contains(&root) || MODULES.contains(&format!("{root}.rs"))
}

fn rules_know_sql_or_web(sources: &[Source]) -> Vec<String> {
    let is_rules = |source: &&Source| {
        let parts: Vec<&str> = source.path.split('/').collect();
        let is_own = matches!(parts[..], ["src", _, _, "mod.rs"] | ["src", "demonstration", "mod.rs"]);
        let is_form = parts.contains(&"forms") || source.file_name() == "forms.rs";
        (is_own || is_form) && source.slice().is_some_and(|slice| !TECHNICAL.contains(&slice))
    };
    let knows = |line: &str| {
        // The derives say how a value is read from a column or a row; they ask the database nothing.
        let line = line.replace("sqlx::Type", "").replace("sqlx::FromRow", "").replace("#[sqlx(", "");
        ["sqlx", "actix_web", "lettre", "redis::"].iter().any(|name| line.contains(name))
    };
    sources.iter().filter(is_rules).flat_map(|source| source.lines_where(knows)).collect()
}

fn is_store(source: &Source) -> bool {
    let named = source.path.split('/').any(|part| part == "store" || part.starts_with("store"));
    named || source.path == "src/ground/db/mod.rs" || source.path.starts_with("src/ground/db/")
}

fn stores_know_web(sources: &[Source]) -> Vec<String> {
    let knows = |line: &str| ["actix_web", "askama", "lettre::"].iter().any(|name| line.contains(name));
    sources.iter().filter(|source| is_store(source)).flat_map(|source| source.lines_where(knows)).collect()
}

/// The string's first word says that it is a statement, and its second part that it is no sentence.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(200).collect();
    match words.first().copied() {
        Some("select") => {
            words.iter().any(|word| *word == "from" || word.ends_with("()") || *word == "exists")
        }
        Some("insert") => words.get(1) == Some(&"into"),
        Some("update") => words.contains(&"set"),
        Some("delete") => words.get(1) == Some(&"from"),
        Some("with") => words.iter().any(|word| *word == "(select" || *word == "select"),
        _ => false,
    }
}

fn sql_outside_stores(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| !is_store(source)) {
        let tests_from = source.code_without_tests().lines().count();
        for (line, text) in &source.strings {
            if is_sql(text) && *line <= tests_from {
                offences.push(format!(
                    "{}:{line}: {}",
                    source.path,
                    text.lines().next().unwrap_or_default().trim()
                ));
            }
        }
    }
    offences
}

/// The tables that a statement writes.
fn written_tables(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = |at: usize| words.get(at).map(|word| word.split(['(', ';', ')']).next().unwrap_or(word));
    let mut tables = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word.trim_start_matches('(');
        let table = match (word, words.get(at + 1)) {
            ("insert", Some(&"into")) | ("delete", Some(&"from")) => name(at + 2),
            // `on conflict … do update set` names its table before.
            ("update", Some(next))
                if *next != "set" && words[at..].iter().take(5).any(|word| *word == "set") =>
            {
                name(at + 1)
            }
            _ => None,
        };
        tables.extend(table);
    }
    tables
}

fn tables_with_two_writers(sources: &[Source]) -> Vec<String> {
    let mut writers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources {
        for (_, text) in source.strings.iter().filter(|(_, text)| is_sql(text)) {
            for table in written_tables(text) {
                let slices = writers.entry(table).or_default();
                let slice = source.slice().unwrap_or("src");
                if !slices.contains(&slice) {
                    slices.push(slice);
                }
            }
        }
    }
    let doubled = writers.iter().filter(|(_, slices)| slices.len() > 1);
    doubled.map(|(table, slices)| format!("{table} is written by {}", slices.join(" and by "))).collect()
}

fn all() -> Vec<Source> {
    project(&["src"], "rs")
}

#[test]
fn the_core_does_no_input_or_output() {
    assert!(core().len() > 80, "the sources were not found");
    assert_none("the core plans, it does not act", &core_reaches_out(&core()));
}

#[test]
fn a_core_that_reaches_out_is_found() {
    let planted = [
        ("crates/matching-check/src/lib.rs", "use matching::rules::rest;"),
        ("crates/matching-model/src/plan.rs", "use tracing::info;"),
        ("crates/matching-model/src/plan.rs", "use std::fs::File;"),
        ("crates/matching-model/src/plan.rs", "let rows = sqlx::query(\"\");"),
        ("crates/matching-model/src/plan.rs", "let now = std::time::SystemTime::now();"),
        ("crates/matching-check/src/lib.rs", "use good_lp::Solution;"),
    ];
    assert_finds_each(core_reaches_out, &planted);
    let allowed = [
        ("crates/matching/src/bound/exact.rs", "use good_lp::Solution;"),
        (
            "crates/matching/src/engine.rs",
            "use matching_model::problem::Problem;\nuse std::collections::BTreeMap;",
        ),
        ("src/work/booking/pages.rs", "use actix_web::HttpResponse;"),
    ];
    assert_allows_each(core_reaches_out, &allowed);
}

#[test]
fn rules_know_no_sql_and_no_web() {
    assert_none("move these to store.rs or to pages.rs", &rules_know_sql_or_web(&all()));
}

#[test]
fn rules_that_know_sql_or_web_are_found() {
    let planted = [
        ("src/work/booking/mod.rs", "use sqlx::PgConnection;"),
        ("src/work/booking/forms.rs", "use actix_web::web::Form;"),
        ("src/terms/rate/mod.rs", "async fn load(db: &mut sqlx::PgConnection) {}"),
    ];
    assert_finds_each(rules_know_sql_or_web, &planted);
    let allowed = [
        ("src/work/booking/mod.rs", "#[derive(Clone, sqlx::FromRow)]\npub struct Booking {}"),
        (
            "src/work/booking/mod.rs",
            "#[derive(sqlx::Type)]\n#[sqlx(type_name = \"text\")]\npub enum State {}",
        ),
        ("src/work/booking/store.rs", "use sqlx::PgConnection;"),
        ("src/work/booking/mod.rs", "/// Not to be asked through sqlx.\npub struct Booking;"),
    ];
    assert_allows_each(rules_know_sql_or_web, &allowed);
}

#[test]
fn stores_know_no_web() {
    assert_none("a store answers rows, not pages", &stores_know_web(&all()));
}

#[test]
fn a_store_that_knows_the_web_is_found() {
    assert_finds_each(stores_know_web, &[("src/work/booking/store.rs", "use actix_web::HttpResponse;")]);
}

#[test]
fn sql_lies_in_stores() {
    assert_none("move these statements to the slice's store.rs", &sql_outside_stores(&all()));
}

#[test]
fn sql_elsewhere_is_found() {
    let planted = [
        ("src/work/booking/pages.rs", "query(\"select booking_id from booking where bank_id = $1\")"),
        ("src/work/booking/mod.rs", "query(\"insert into booking (booking_id) values ($1)\")"),
        ("src/work/booking/jobs.rs", "query(r\"\n    update booking\n    set state = $1\")"),
        ("src/work/booking/jobs.rs", "query(\"delete from offer\")"),
        ("src/work/booking/jobs.rs", "query(\"with due as (select 1) insert into offer select 1\")"),
    ];
    assert_finds_each(sql_outside_stores, &planted);
    let allowed = [
        ("src/work/booking/store.rs", "query(\"select booking_id from booking\")"),
        (
            "src/work/booking/pages.rs",
            "say(\"select a practice\"); say(\"update your details\"); say(\"with thanks\")",
        ),
        (
            "src/work/booking/pages.rs",
            "#[cfg(test)]\nmod tests { const COUNT: &str = \"select 1 from booking\"; }",
        ),
    ];
    assert_allows_each(sql_outside_stores, &allowed);
}

#[test]
fn each_table_is_written_by_one_slice() {
    assert_none("let the owning slice's store write it", &tables_with_two_writers(&all()));
}

#[test]
fn a_table_with_two_writers_is_found() {
    let own = Source::new("src/work/booking/store.rs", "q(\"insert into booking(booking_id) values ($1)\")");
    let other = Source::new("src/work/session/store.rs", "q(\"update booking as b set state = 'ended'\")");
    let within = Source::new(
        "src/work/offer/store.rs",
        "q(\"with gone as (delete from booking where true) select 1\")",
    );
    let reading = Source::new(
        "src/work/session/store.rs",
        "q(\"select 1 from booking for update\"); q(\"insert into session (id) values ($1) on conflict (id) do update set id = $1\")",
    );
    assert_none("one writer", &tables_with_two_writers(&[Source::new(&own.path, &own.text), reading]));
    assert_eq!(
        tables_with_two_writers(&[own, other, within]),
        ["booking is written by booking and by session and by offer"]
    );
}

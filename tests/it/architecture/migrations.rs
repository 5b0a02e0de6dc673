//! The database's history is listed, numbered without doubles, and never writes sample data.

use super::source::{Source, project, root};
use super::{assert_finds_each, assert_none};

fn unlisted(migrations: &[Source], list: &str) -> Vec<String> {
    let missing = migrations.iter().filter(|migration| !list.contains(migration.file_name()));
    missing.map(|migration| format!("{} is not in migrations/README.md", migration.path)).collect()
}

fn doubled_numbers(migrations: &[Source]) -> Vec<String> {
    let number = |migration: &Source| migration.file_name().split('_').next().unwrap_or_default().to_owned();
    let pairs = migrations.windows(2);
    let doubled = pairs.filter(|pair| number(&pair[0]) == number(&pair[1]));
    doubled.map(|pair| format!("{} and {} have one number", pair[0].path, pair[1].path)).collect()
}

#[test]
fn every_migration_is_listed_and_numbered_once() {
    let migrations = project(&["migrations"], "sql");
    let list = std::fs::read_to_string(root().join("migrations/README.md")).expect("the list of migrations");
    assert!(!migrations.is_empty(), "the migrations were not found");
    assert_none("list these", &unlisted(&migrations, &list));
    assert_none("renumber these", &doubled_numbers(&migrations));
}

#[test]
fn an_unlisted_migration_is_found() {
    assert_finds_each(
        |migrations| unlisted(migrations, "0001_bank.sql"),
        &[("migrations/0002_account.sql", "")],
    );
    assert_none(
        "listed",
        &unlisted(&[Source::new("migrations/0001_bank.sql", "")], "- 0001_bank.sql: the bank"),
    );
}

#[test]
fn a_doubled_number_is_found() {
    let two = [Source::new("migrations/0001_bank.sql", ""), Source::new("migrations/0001_rate.sql", "")];
    assert_eq!(doubled_numbers(&two).len(), 1);
}

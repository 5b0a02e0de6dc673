//! Names say what a thing is about, and imports say where a name comes from.

use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// Words that say nothing about what is inside.
const EMPTY_WORDS: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "manager", "service", "misc"];

/// A practice manager is a person.
const PERSON: (&str, &str) = ("practice_manager", "PracticeManager");

fn empty_names(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        let path = source.path.replace(PERSON.0, "");
        if path.split(['/', '_', '.']).any(|word| EMPTY_WORDS.contains(&word)) {
            offences.push(format!("{}: its name does not say what it is about", source.path));
        }
        offences.extend(source.lines_where(declares_empty_type));
    }
    offences
}

/// Whether the line declares a type or a module whose name ends in an empty word.
fn declares_empty_type(line: &str) -> bool {
    let mut words =
        line.split(|part: char| !part.is_alphanumeric() && part != '_').filter(|word| !word.is_empty());
    let declares = words.any(|word| matches!(word, "struct" | "enum" | "trait" | "type" | "mod"));
    let Some(name) = words.next().filter(|_| declares) else { return false };
    let name = name.replace(PERSON.1, "").replace(PERSON.0, "").to_lowercase();
    EMPTY_WORDS.iter().any(|word| name.ends_with(word))
}

fn glob_imports(sources: &[Source]) -> Vec<String> {
    let is_glob = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        (line.starts_with("use ") || line.ends_with(',')) && line.contains("::*")
    };
    sources.iter().flat_map(|source| source.lines_where(is_glob)).collect()
}

fn all_rust() -> Vec<Source> {
    project(&["crates", "src", "tests", "benches", "build.rs"], "rs")
}

#[test]
fn names_say_what_things_are_about() {
    assert_none("name these after the glossary's concept", &empty_names(&all_rust()));
}

#[test]
fn empty_names_are_found() {
    let planted = [
        ("src/work/booking/utils.rs", ""),
        ("src/common/mod.rs", ""),
        ("tests/it/mail_helpers.rs", ""),
        ("src/work/booking/mod.rs", "pub struct BookingManager {"),
        ("src/work/booking/mod.rs", "    pub(crate) trait MailService: Send {"),
    ];
    assert_finds_each(empty_names, &planted);
    let allowed = [
        ("tests/it/a_practice_manager_posts_a_session.rs", "struct PracticeManager;"),
        (
            "src/people/account/mod.rs",
            "/// The service a person signs in to.\npub enum PersonKind { PracticeManager }",
        ),
    ];
    assert_allows_each(empty_names, &allowed);
}

#[test]
fn nothing_is_imported_by_glob() {
    assert_none("name what you import", &glob_imports(&all_rust()));
}

#[test]
fn glob_imports_are_found() {
    let planted = [
        ("src/work/booking/store.rs", "use crate::id::*;"),
        ("src/work/booking/store.rs", "pub use super::rules::*;"),
        ("src/work/booking/store.rs", "use crate::{\n    clock::*,\n};"),
    ];
    assert_finds_each(glob_imports, &planted);
    assert_allows_each(
        glob_imports,
        &[("src/work/x/mod.rs", "let area = width *height;\n#[cfg(test)]\nmod tests { use super::*; }")],
    );
}

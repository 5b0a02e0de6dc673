//! The project's boundaries, kept by tests: who may know what, how long a file may be, which licences come in.
//!
//! Each rule is a function from sources to offences. It is held against the project, which must have none, and
//! against planted offences, each of which it must find.

mod actions;
mod circles;
mod crates;
mod edges;
mod facts;
mod floors;
mod imports;
mod layers;
mod licences;
mod messages;
mod migrations;
mod names;
mod pages;
mod picture;
mod polling;
mod settings;
mod size;
pub mod source;

/// Fails with every offence on a line of its own.
fn assert_none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}\n  {}", offences.join("\n  "));
}

/// Fails unless each planted source offends, and tells which one went unnoticed.
fn assert_finds_each(rule: fn(&[source::Source]) -> Vec<String>, planted: &[(&str, &str)]) {
    for (path, text) in planted {
        let offences = rule(&[source::Source::new(path, text)]);
        assert!(!offences.is_empty(), "went unnoticed in {path}: {text}");
    }
}

/// Fails when any of these sources offends: the rule must not cry out at what is allowed.
fn assert_allows_each(rule: fn(&[source::Source]) -> Vec<String>, allowed: &[(&str, &str)]) {
    for (path, text) in allowed {
        assert_none("cried out at what is allowed", &rule(&[source::Source::new(path, text)]));
    }
}

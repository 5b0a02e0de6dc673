//! Which of the project's crates knows which: what the checker finds must not rest on the engine, and neither on the
//! service. And within the engine, which folder knows which.

use std::process::Command;

use serde_json::{Value, json};

use super::source::{Source, project, root};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// The crates of the core, and those of the project that each may be built from.
const MAY_KNOW: [(&str, &[&str]); 3] =
    [("matching-model", &[]), ("matching-check", &["matching-model"]), ("matching", &["matching-model"])];

/// The project's packages, as cargo knows them.
fn packages() -> Vec<Value> {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: Value = serde_json::from_slice(&answer.stdout).expect("metadata as JSON");
    metadata["packages"].as_array().cloned().unwrap_or_default()
}

/// Each arrow from a crate of the core to another of the project that it must not know. What only tests use is free,
/// but for the checker, whose tests must not lean on the engine either.
fn forbidden_arrows(packages: &[Value]) -> Vec<String> {
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut offences = Vec::new();
    for (name, may_know) in MAY_KNOW {
        let Some(package) = packages.iter().find(|package| package["name"] == name) else {
            offences.push(format!("{name} is not there"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let known = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev" && name == "matching";
            if ours.contains(&known) && !may_know.contains(&known) && !for_tests {
                offences.push(format!("{name} depends on {known}"));
            }
        }
    }
    offences
}

/// The folders and files of the engine's root, each with those it may use besides itself. Whatever one uses stands
/// before it, so there are no circles.
const FLOORS: [(&str, &[&str]); 15] = [
    ("stop", &[]),
    ("index", &[]),
    ("pairs", &["index"]),
    ("market", &["index", "pairs"]),
    ("schedule", &["index", "pairs", "market"]),
    ("bound", &["index", "stop", "market", "schedule"]),
    ("search", &["index", "stop", "pairs", "market", "schedule"]),
    ("part", &["index", "stop", "pairs", "market", "schedule", "bound", "search"]),
    ("roster", &["index", "pairs"]),
    ("reasons", &["index", "stop", "pairs", "market", "schedule", "bound", "part", "roster"]),
    ("run", &["index", "stop", "pairs", "market", "bound", "part", "reasons"]),
    ("repair", &["index", "stop", "pairs", "market", "schedule", "roster", "reasons"]),
    ("simulate", &["index", "stop", "pairs", "market", "schedule", "bound", "search", "part", "reasons"]),
    ("fits", &["index", "pairs", "market"]),
    ("round", &["index", "bound"]),
];

const ENGINE: &str = "crates/matching/src/";

/// What of the engine's root a line names: the `market` of `crate::market::Market`.
fn named_of_root(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).filter_map(|rest| {
        let name = rest.split(|part: char| !part.is_alphanumeric() && part != '_').next()?;
        FLOORS.iter().find(|(floor, _)| *floor == name).map(|_| name)
    })
}

/// Whether only tests are built with this file.
fn for_tests(source: &Source) -> bool {
    matches!(source.file_name(), "tests.rs" | "sample.rs")
}

fn arrows_up_in_the_engine(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| !for_tests(source)) {
        let Some(own) = source.path.strip_prefix(ENGINE).and_then(|path| path.split(['/', '.']).next())
        else {
            continue;
        };
        let may = FLOORS.iter().find(|(floor, _)| *floor == own).map_or(&[][..], |(_, may)| *may);
        offences.extend(source.lines_where(|line| {
            own != "lib" && named_of_root(line).any(|name| name != own && !may.contains(&name))
        }));
    }
    offences
}

#[test]
fn no_folder_of_the_engine_knows_one_above() {
    let sources = project(&[ENGINE], "rs");
    assert!(sources.len() > 60, "the sources were not found");
    assert_none("move what is wanted down, or the one who wants it up", &arrows_up_in_the_engine(&sources));
    for (place, (floor, may)) in FLOORS.iter().enumerate() {
        let below = &FLOORS[..place];
        for name in *may {
            assert!(
                below.iter().any(|(below, _)| below == name),
                "{floor} may use {name}, which is not below"
            );
        }
    }
}

#[test]
fn an_arrow_up_in_the_engine_is_found() {
    let planted = [
        ("crates/matching/src/market/mod.rs", "use crate::schedule::Scheduler;"),
        ("crates/matching/src/pairs/score.rs", "    crate::run::engine::plan_problem(problem)"),
        ("crates/matching/src/bound/prices.rs", "use crate::search::construct::construct;"),
        ("crates/matching/src/example/mod.rs", "use crate::pairs::facts::Facts;"),
    ];
    assert_finds_each(arrows_up_in_the_engine, &planted);
    let allowed = [
        ("crates/matching/src/schedule/mod.rs", "use crate::market::Market;"),
        ("crates/matching/src/lib.rs", "pub use crate::run::engine::plan_problem;"),
        ("crates/matching/src/market/mod.rs", "#[cfg(test)]\nmod tests { use crate::schedule::Scheduler; }"),
    ];
    assert_allows_each(arrows_up_in_the_engine, &allowed);
}

#[test]
fn the_checker_knows_the_model_alone() {
    assert_none("keep these apart", &forbidden_arrows(&packages()));
}

#[test]
fn a_checker_that_knows_the_engine_is_found() {
    let package = |name: &str, dependency: &str, kind: Value| json!({ "name": name, "dependencies": [{ "name": dependency, "kind": kind }] });
    let with = |check: Value| {
        forbidden_arrows(&[
            package("matching-model", "serde", Value::Null),
            check,
            package("matching", "matching-check", json!("dev")),
            package("locumbank", "matching", Value::Null),
        ])
    };
    assert_none(
        "cried out at what is allowed",
        &with(package("matching-check", "matching-model", Value::Null)),
    );
    for kind in [Value::Null, json!("dev"), json!("build")] {
        assert_eq!(with(package("matching-check", "matching", kind)), ["matching-check depends on matching"]);
    }
    assert_eq!(forbidden_arrows(&[]).len(), 3);
}

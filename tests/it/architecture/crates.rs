//! Which of the project's crates knows which: what the checker finds must not rest on the engine, and neither on the
//! service.

use std::process::Command;

use serde_json::{Value, json};

use super::assert_none;
use super::source::root;

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

//! A person runs `locumbank match`: a bad file is refused with what, where and what would be right, and nothing is
//! written.

use std::path::Path;
use std::process::{Command, Output};

use crate::unfit_problems::{faults, good};

fn locumbank(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
    command.args(arguments).current_dir(folder);
    command.output().expect("the binary starts")
}

/// The files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().expect("reads the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn each_fault_ends_with_2_and_writes_nothing() {
    for (pointer, value, path) in faults() {
        let told = format!("{pointer} = {value}");
        let folder = tempfile::tempdir().expect("a folder");
        let mut problem = good();
        *problem.pointer_mut(pointer).expect("is there") = value;
        std::fs::write(folder.path().join("problem.json"), problem.to_string()).expect("writes");
        let done = locumbank(&["match", "problem.json", "--out", "plan.json"], folder.path());
        let said = String::from_utf8(done.stderr).expect("text");
        assert_eq!(done.status.code(), Some(2), "{told}: {said}");
        assert!(said.contains(path), "{told}: {said}");
        assert!(!said.contains("panicked"), "{told}: {said}");
        assert_eq!(files(folder.path()), ["problem.json"], "{told}");
    }
}

#[test]
fn a_bad_file_leaves_an_earlier_plan_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("problem.json"), "{").expect("writes");
    std::fs::write(folder.path().join("plan.json"), "an earlier plan").expect("writes");
    let done = locumbank(&["match", "problem.json", "--out", "plan.json"], folder.path());
    assert_eq!(done.status.code(), Some(2));
    let kept = std::fs::read_to_string(folder.path().join("plan.json")).expect("reads");
    assert_eq!(kept, "an earlier plan");
}

#[test]
fn a_file_that_is_not_there_is_said_to_be_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = locumbank(&["match", "problem.json", "--out", "plan.json"], folder.path());
    assert_ne!(done.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&done.stderr).contains("problem.json"));
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_good_file_is_planned_and_its_plan_passes_the_check() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("problem.json"), good().to_string()).expect("writes");
    let planned = locumbank(&["match", "problem.json", "--out", "plan.json", "--quiet"], folder.path());
    assert_eq!(planned.status.code(), Some(0), "{}", String::from_utf8_lossy(&planned.stderr));
    let checked = locumbank(&["check", "problem.json", "plan.json", "--bound"], folder.path());
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    assert_eq!(files(folder.path()), ["plan.json", "problem.json"]);
}

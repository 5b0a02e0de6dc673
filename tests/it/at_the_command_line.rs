//! A person runs `locumbank match`: a bad file is refused with what, where and what would be right, and nothing is
//! written.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use matching::example::chance::Chance;
use matching::example::{Request, Shape, example, read_districts};
use matching_model::format::write_problem;
use matching_model::problem::Problem;

use self::bad_files::{faults, good};

#[path = "../../crates/matching-model/tests/it/bad_files.rs"]
mod bad_files;
#[path = "../../crates/matching-model/tests/it/small_world.rs"]
pub mod small_world;

/// A problem that takes far longer than any moment of these tests: everybody is free at all times.
fn long_problem() -> Problem {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions: 3_000,
        clinicians: 1_000,
        weeks: 2,
        start: small_world::date("2027-01-04"),
        seed: 12,
        shape: Shape::OverSupply,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 50,
        incumbent_per_mille: 50,
    };
    let districts =
        read_districts(include_str!("../../config/outcodes.csv")).expect("the districts that are shipped");
    example(&request, &districts).expect("an example")
}

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
    // Whoever reads it may stop reading, as `head` does.
    let mut unread = Command::new(env!("CARGO_BIN_EXE_locumbank"));
    unread.args(["check", "problem.json", "plan.json", "--bound"]).current_dir(folder.path());
    let mut unread = unread.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    drop(unread.stdout.take());
    let unread = unread.wait_with_output().expect("it ends");
    assert_eq!((unread.status.code(), String::from_utf8_lossy(&unread.stderr).as_ref()), (Some(0), ""));
}

/// Presses Ctrl-C.
fn interrupt(run: &Child) {
    let sent = Command::new("kill").args(["-s", "INT", &run.id().to_string()]).status().expect("kill starts");
    assert!(sent.success(), "the signal was not sent");
}

/// Waits until a run answers Ctrl-C itself.
fn until_it_listens(run: &mut Child) {
    for _ in 0..3_000 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        if caught & 0b10 != 0 || run.try_wait().expect("its state").is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the run never listens");
}

#[test]
fn ctrl_c_at_any_moment_leaves_a_legal_plan_and_a_valid_bound() {
    let moments = if std::env::var_os("LOCUMBANK_SOAK").is_some() { 50 } else { 5 };
    let folder = tempfile::tempdir().expect("a folder");
    let problem = std::fs::File::create(folder.path().join("problem.json")).expect("a file");
    write_problem(&long_problem(), problem).expect("writes");
    let mut chance = Chance::new(50, 0);
    let mut early = 0;
    for moment in 0..moments {
        let plan = format!("plan-{moment}.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
        command.args(["match", "problem.json", "--out", &plan, "--seconds", "60", "--quiet"]);
        command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut run = command.spawn().expect("the binary starts");
        until_it_listens(&mut run);
        std::thread::sleep(Duration::from_millis(chance.below(2_000) as u64));
        let was_running = run.try_wait().expect("its state").is_none();
        if was_running {
            interrupt(&run);
        }
        let ended = run.wait().expect("it ends");
        assert_eq!(ended.code(), Some(0), "moment {moment}");
        early += u32::from(was_running);
        let checked = locumbank(&["check", "problem.json", &plan, "--bound"], folder.path());
        assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    }
    assert!(early > 0, "every run was over before it was interrupted");
}

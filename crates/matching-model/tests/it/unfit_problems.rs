//! Bad problem files are refused with the place of the fault, and never planned, whatever is done to them.

use matching_model::format::{problem_from_slice, write_problem};
use serde_json::{Value, json};

use crate::bad_files::{faults, good};
use crate::tiny_problems::{Dice, tiny};

/// The path of the fault after the value at a JSON pointer was replaced.
fn fault_after(pointer: &str, value: Value) -> String {
    let mut problem = good();
    *problem.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
    let error = problem_from_slice(problem.to_string().as_bytes()).expect_err("must be refused");
    assert!(!error.value.is_empty() && !error.expected.is_empty(), "{error}");
    error.path
}

#[test]
fn a_good_file_is_read_as_it_was_written() {
    let mut bytes = Vec::new();
    for seed in 0..200 {
        let problem = tiny(seed);
        bytes.clear();
        write_problem(&problem, &mut bytes).expect("writes");
        assert_eq!(problem_from_slice(&bytes).expect("reads"), problem, "seed {seed}");
    }
}

#[test]
fn each_fault_is_named_by_its_path() {
    for (pointer, value, expected) in faults() {
        let told = format!("{pointer} = {value}");
        let path = fault_after(pointer, value);
        assert!(path.starts_with(expected), "{told}: the fault is said to be at {path}, not {expected}");
    }
}

#[test]
fn a_key_that_the_format_does_not_have_is_a_misspelling() {
    for (pointer, key) in
        [("", "session"), ("/clinicians/0", "max_minute_per_week"), ("/sessions/0", "priorty")]
    {
        let mut problem = good();
        let object = problem.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
        object.insert(key.into(), json!(1));
        let error = problem_from_slice(problem.to_string().as_bytes()).expect_err("must be refused");
        assert!(error.path.ends_with(key), "{error}");
    }
}

#[test]
fn more_bookings_than_places_are_refused() {
    let mut problem = good();
    let mut second = problem["clinicians"][0].clone();
    second["id"] = json!("bob");
    problem["clinicians"].as_array_mut().expect("a list").push(second);
    problem["booked"].as_array_mut().expect("a list").push(json!({"session": "monday", "clinician": "bob"}));
    let error = problem_from_slice(problem.to_string().as_bytes()).expect_err("must be refused");
    assert!(error.path.starts_with("booked"), "{error}");
}

#[test]
fn texts_that_are_no_json_are_refused_whole() {
    let whole = good().to_string();
    let deep = "[".repeat(100_000);
    let nested = format!("{{\"format\":\"locumbank.problem/1\",\"booked\":{deep}");
    for text in ["", "null", "[]", "{", "{\"format\":", "NaN", &whole[..whole.len() - 1], &deep, &nested] {
        assert!(problem_from_slice(text.as_bytes()).is_err(), "{}", &text[..text.len().min(40)]);
    }
    assert!(problem_from_slice(&[0xff, 0xfe, 0x00]).is_err());
    assert!(problem_from_slice(whole.replace("50.8", "NaN").as_bytes()).is_err());
    assert!(problem_from_slice(format!("{whole} x").as_bytes()).is_err(), "something after the end");
}

/// Cuts, swaps and repeats bytes of a good file: whatever comes of it is refused or is a sound problem.
#[test]
fn damaged_files_never_panic_and_never_hang() {
    let whole = good().to_string().into_bytes();
    let mut refused = 0;
    for seed in 0..5_000 {
        let mut dice = Dice::of(seed);
        let mut bytes = whole.clone();
        for _ in 0..=dice.below(4) {
            let place = dice.index(bytes.len());
            match dice.below(4) {
                0 => bytes[place] = *dice.pick(b"0123456789-+eE.,:\"[]{}nul"),
                1 => drop(bytes.remove(place)),
                2 => bytes.truncate(place.max(1)),
                _ => {
                    let part = bytes[place..(place + 20).min(bytes.len())].to_vec();
                    bytes.splice(place..place, part);
                }
            }
        }
        match problem_from_slice(&bytes) {
            Ok(problem) => problem.validate().expect("what is read is sound"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 4_000, "only {refused} of 5,000 damaged files were refused");
}

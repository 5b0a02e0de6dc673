//! Slices that ask each other can't be read, tested or taken away one without the other: there is no circle of them.

use std::collections::{BTreeMap, BTreeSet};

use super::assert_none;
use super::imports::{Arrows, Slice, arrows};
use super::source::{Source, project};

/// Each circle with its arrows.
fn circles(sources: &[Source]) -> Vec<String> {
    let arrows = arrows(sources);
    let reached: BTreeMap<&Slice, BTreeSet<&Slice>> =
        arrows.keys().map(|(from, _)| (from, reached_from(from, &arrows))).collect();
    let meets = |one: &Slice, other: &Slice| {
        let reaches =
            |from: &Slice, to: &Slice| reached.get(from).is_some_and(|reached| reached.contains(to));
        reaches(one, other) && reaches(other, one)
    };
    let circles: BTreeSet<Vec<&Slice>> = reached
        .keys()
        .map(|one| reached.keys().copied().filter(|other| meets(one, other)).collect())
        .filter(|circle: &Vec<&Slice>| circle.len() > 1)
        .collect();
    circles.iter().map(|circle| in_words(circle, &arrows)).collect()
}

/// Every slice that arrows lead to from `start`.
fn reached_from<'a>(start: &'a Slice, arrows: &'a Arrows) -> BTreeSet<&'a Slice> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(from) = waiting.pop() {
        let next = arrows.keys().filter(|(own, _)| own == from).map(|(_, to)| to);
        waiting.extend(next.filter(|to| reached.insert(*to)));
    }
    reached
}

fn in_words(circle: &[&Slice], arrows: &Arrows) -> String {
    let names: Vec<&str> = circle.iter().map(|slice| slice.as_str()).collect();
    let within = arrows.iter().filter(|((from, to), _)| circle.contains(&from) && circle.contains(&to));
    let lines = within.map(|((from, to), files)| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        format!("\n    {from} asks {to} in {}", files.join(", "))
    });
    format!("{}{}", names.join(", "), lines.collect::<String>())
}

#[test]
fn no_slices_ask_each_other() {
    assert_none("move what is misplaced to where it belongs", &circles(&project(&["src"], "rs")));
}

#[test]
fn a_circle_of_slices_is_found() {
    let planted = [
        Source::new("src/letters/alert/jobs.rs", "use crate::letters::{digest, bounce::read};"),
        Source::new("src/letters/digest/mod.rs", "fn f() { crate::people::clinician::find() }"),
        Source::new("src/people/clinician/store.rs", "use super::super::super::letters::alert::{Alert};"),
        Source::new("src/letters/bounce/read.rs", "use crate::ground::db::Db;"),
        Source::new("src/ground/db/mod.rs", "#[cfg(test)]\nmod tests { use crate::letters::bounce; }"),
    ];
    let found = circles(&planted);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("letters::alert, letters::digest, people::clinician\n"), "{found:?}");
    assert_eq!(found[0].lines().count(), 4, "{found:?}");
    assert_none("one way only", &circles(&planted[..2]));
}

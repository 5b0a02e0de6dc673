//! The picture of the floors in docs/ARCHITECTURE.md is drawn from the code, and fails when the code has moved on.
//! `./dev floors` draws it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs};

use super::assert_none;
use super::floors::FLOORS;
use super::imports::{arrows, slice_of};
use super::source::{Source, project, root};

const DOCUMENT: &str = "docs/ARCHITECTURE.md";
const OPENS: &str = "```mermaid\n";
const CLOSES: &str = "```\n";
/// Has the test draw instead of compare.
const DRAW: &str = "LOCUMBANK_DRAW_FLOORS";

/// Each area with its slices, and how many arrows there are from slices of one to slices of another; dotted, those
/// that still run up.
fn picture(sources: &[Source]) -> String {
    let mut drawn = String::from("flowchart TD\n");
    for area in FLOORS {
        let mut slices: Vec<String> = sources.iter().filter_map(slice_of).collect();
        slices.sort();
        slices.dedup();
        let own = slices.iter().filter_map(|slice| slice.strip_prefix(area)?.strip_prefix("::"));
        let own: Vec<&str> = own.collect();
        let _ = writeln!(drawn, "  {area}[\"<b>{area}</b><br/>{}\"]", own.join(" · "));
    }
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (from, to) in arrows(sources).into_keys() {
        let floor = |slice: &str| {
            FLOORS.iter().position(|floor| slice.split_once("::").is_some_and(|(area, _)| area == *floor))
        };
        let (Some(above), Some(below)) = (floor(&from), floor(&to)) else { continue };
        if above != below {
            *counts.entry((above, below)).or_default() += 1;
        }
    }
    for ((from, to), count) in counts {
        let _ = writeln!(drawn, "  {} -- {count} --> {}", FLOORS[from], FLOORS[to]);
    }
    drawn
}

/// The document with this picture in the place of its own.
fn with_picture(document: &str, picture: &str) -> String {
    let (before, after) = document.split_once(OPENS).expect("a picture");
    let (_, after) = after.split_once(CLOSES).expect("the picture's end");
    format!("{before}{OPENS}{picture}{CLOSES}{after}")
}

/// Slices that a document does not name, each as the document would. The areas whose parts stand for nothing outside
/// them are named as a whole.
fn not_named(document: &str, sources: &[Source], name: fn(&str, &str) -> String) -> Vec<String> {
    let slices: BTreeSet<String> = sources.iter().filter_map(slice_of).collect();
    let slices = slices.iter().filter_map(|slice| slice.split_once("::"));
    let named = slices.filter(|(area, _)| !["command", "demonstration", "site"].contains(area));
    named.map(|(area, slice)| name(area, slice)).filter(|name| !document.contains(name.as_str())).collect()
}

#[test]
fn the_maps_name_every_slice() {
    let sources = project(&["src"], "rs");
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a map");
    let in_code = |area: &str, slice: &str| format!("({area}::{slice})");
    assert_none("src/lib.rs lacks these", &not_named(&read("src/lib.rs"), &sources, in_code));
    let in_words = |_: &str, slice: &str| format!("`{slice}`");
    let document = read(DOCUMENT);
    let (_, table) = document.split_once("| Area |").expect("a table of areas");
    assert_none("docs/ARCHITECTURE.md lacks these", &not_named(table, &sources, in_words));
    let planted = [Source::new("src/work/almanac/mod.rs", "")];
    assert_eq!(not_named(table, &planted, in_words), ["`almanac`"]);
}

#[test]
fn the_picture_of_the_floors_is_that_of_the_code() {
    let path = root().join(DOCUMENT);
    let document = fs::read_to_string(&path).expect("the document");
    let drawn = with_picture(&document, &picture(&project(&["src"], "rs")));
    if env::var_os(DRAW).is_some() {
        fs::write(&path, drawn).expect("the document is written");
    } else {
        assert!(drawn == document, "{DOCUMENT} shows other floors than the code has: run ./dev floors");
    }
}

#[test]
fn a_picture_of_other_floors_is_found() {
    let one = [
        Source::new("src/work/session/mod.rs", "use crate::terms::bank::Bank;"),
        Source::new("src/work/booking/mod.rs", "use crate::terms::bank::Bank;\nuse super::session::Session;"),
        Source::new("src/terms/bank/mod.rs", ""),
    ];
    let drawn = picture(&one);
    assert!(drawn.contains("work[\"<b>work</b><br/>booking · session\"]\n"), "{drawn}");
    assert!(drawn.ends_with("  work -- 2 --> terms\n"), "{drawn}");
    let document = format!("# Floors\n{OPENS}{drawn}{CLOSES}More.\n");
    assert_eq!(with_picture(&document, &drawn), document);
    assert_ne!(with_picture(&document, &picture(&one[1..])), document);
}

//! Areas are floors: what lies below asks nobody above. And a file's place says what kind of file it is.

use std::collections::BTreeSet;

use super::imports::slices_named;
use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// The areas from the top floor down. An arrow, which is an import, runs down this list only.
pub const FLOORS: [&str; 13] = [
    "command",
    "demonstration",
    "site",
    "insight",
    "rights",
    "pay",
    "letters",
    "hiring",
    "work",
    "eligibility",
    "people",
    "terms",
    "ground",
];

fn floor_of(area: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| *floor == area)
}

/// The slices of higher floors that the source names, as `area::slice`.
fn names_above(source: &Source) -> BTreeSet<String> {
    let Some(own) = source.area().and_then(floor_of) else { return BTreeSet::new() };
    let named = slices_named(source).into_iter();
    let floor = |slice: &str| slice.split_once("::").and_then(|(area, _)| floor_of(area));
    named.filter(|slice| floor(slice).is_some_and(|floor| floor < own)).collect()
}

fn arrows_up(sources: &[Source]) -> Vec<String> {
    let up =
        sources.iter().flat_map(|source| names_above(source).into_iter().map(|above| (&source.path, above)));
    up.map(|(path, above)| format!("{path} names {above}")).collect()
}

/// Names that say in one word what a folder says: `store_settle.rs` is `store/settle.rs`, `by_hand_pages.rs` is
/// `pages/by_hand.rs`, and a module is a file or a folder, not both.
fn outside_the_scheme(sources: &[Source]) -> Vec<String> {
    let kinds = ["pages", "store", "forms", "jobs", "actions"];
    let named = sources.iter().filter(|source| {
        let name = source.file_name().trim_end_matches(".rs");
        let joined = kinds.iter().any(|kind| {
            name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('_'))
                || name.strip_suffix(kind).is_some_and(|rest| rest.ends_with('_'))
        });
        let folder = format!("{}/", source.path.trim_end_matches(".rs"));
        joined || sources.iter().any(|other| other.path.starts_with(&folder))
    });
    named.map(|source| source.path.clone()).collect()
}

fn all() -> Vec<Source> {
    project(&["src"], "rs")
}

#[test]
fn no_arrow_runs_up_a_floor() {
    assert_none("announce it, or hand it down from above", &arrows_up(&all()));
}

#[test]
fn an_arrow_that_runs_up_is_found() {
    let planted = [
        ("src/terms/rate/pages.rs", "use crate::people::clinician::Clinician;"),
        ("src/ground/audit/mod.rs", "let routes = crate::site::routes::ROUTES;"),
        ("src/work/booking/mod.rs", "use crate::{\n    insight::fill_rate,\n};"),
    ];
    assert_finds_each(arrows_up, &planted);
    let allowed = [
        ("src/site/routes.rs", "use crate::work::booking;"),
        (
            "src/work/booking/mod.rs",
            "use crate::people::clinician::Clinician;\n#[cfg(test)]\nuse crate::site::routes;",
        ),
        ("src/terms/rate/pages.rs", "/// As crate::people::clinician::Clinician does."),
    ];
    assert_allows_each(arrows_up, &allowed);
}

#[test]
fn every_area_is_a_floor() {
    let areas: BTreeSet<String> =
        all().iter().filter_map(|source| source.area().map(str::to_owned)).collect();
    assert_eq!(areas, FLOORS.iter().map(|floor| (*floor).to_owned()).collect());
}

#[test]
fn every_file_bears_a_name_of_the_scheme() {
    assert_none("a folder of its kind, and the rest as the file's name", &outside_the_scheme(&all()));
}

#[test]
fn a_name_outside_the_scheme_is_found() {
    let planted = [("src/work/booking/link_pages.rs", ""), ("src/ground/mail/store_settle.rs", "")];
    assert_finds_each(outside_the_scheme, &planted);
    let both =
        [Source::new("src/work/session/store.rs", ""), Source::new("src/work/session/store/standing.rs", "")];
    assert_eq!(outside_the_scheme(&both), ["src/work/session/store.rs"]);
    assert_allows_each(
        outside_the_scheme,
        &[("src/work/booking/pages/link.rs", ""), ("src/people/clinician/mod.rs", "")],
    );
}

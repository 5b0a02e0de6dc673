//! Every action that a page calls is called by a test without HTTP, and everything the log can tell is told somewhere.

use std::collections::BTreeSet;

use locumbank::ground::audit::Action;

use super::source::{Source, project};
use super::{assert_finds_each, assert_none};

const CATALOGUE: &str = "src/ground/audit/action.rs";

/// The actions there are, by name: what slices' `actions` make public and take a transaction.
fn actions(sources: &[Source]) -> BTreeSet<String> {
    let of_actions = sources
        .iter()
        .filter(|source| source.path.contains("/actions/") || source.file_name() == "actions.rs");
    let declared = of_actions.flat_map(|source| source.code_without_tests().split("pub async fn ").skip(1));
    let name = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned);
    declared.filter_map(name).filter(|name| !reads(name)).collect()
}

/// Whether a function of that name asks and changes nothing.
fn reads(name: &str) -> bool {
    ["find_", "list_", "load_"].iter().any(|start| name.starts_with(start))
}

/// Whether the code calls a function of that name.
fn calls(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}(")).any(|(at, _)| {
        code[..at]
            .chars()
            .next_back()
            .is_some_and(|before| !before.is_alphanumeric() && before != '_' && before != '.')
            && !code[..at].ends_with("fn ")
    })
}

/// Actions that pages call and no test does.
fn untested(sources: &[Source]) -> Vec<String> {
    let is_page = |source: &&Source| source.path.contains("/pages/") || source.file_name() == "pages.rs";
    let called_by = |name: &str, sources: &[&Source]| sources.iter().any(|source| calls(&source.code, name));
    let pages: Vec<&Source> = sources.iter().filter(is_page).collect();
    let tests: Vec<&Source> = sources.iter().filter(|source| source.path.starts_with("tests/it/")).collect();
    let all = actions(sources).into_iter();
    all.filter(|name| called_by(name, &pages) && !called_by(name, &tests)).collect()
}

/// Entries of the catalogue that nothing writes into the log.
fn unused(sources: &[Source]) -> Vec<String> {
    let others = sources.iter().filter(|source| source.path != CATALOGUE && source.path.starts_with("src/"));
    let code: String = others.map(Source::code_without_tests).collect();
    let named: BTreeSet<&str> = code
        .split("Action::")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next())
        .collect();
    Action::ALL
        .iter()
        .map(|action| action.name())
        .filter(|name| !named.contains(name))
        .map(str::to_owned)
        .collect()
}

fn all() -> Vec<Source> {
    let mut sources = project(&["src"], "rs");
    sources.extend(project(&["tests/it"], "rs"));
    sources
}

#[test]
fn every_action_of_a_page_is_called_without_http() {
    assert!(actions(&all()).len() > 40, "the actions were not found");
    assert_none("call these in tests/it/actions_without_http", &untested(&all()));
}

#[test]
fn an_action_without_a_test_is_found() {
    let action =
        || Source::new("src/work/x/actions.rs", "pub async fn post_x(tx: &mut Tx) -> Result<(), NotDone> {");
    let page =
        || Source::new("src/work/x/pages.rs", "app.db.change(&who, async |tx| actions::post_x(tx).await)");
    let test = |text| Source::new("tests/it/x.rs", text);
    assert_eq!(untested(&[action(), page()]), ["post_x"]);
    assert_eq!(
        untested(&[action(), page(), test("story.post_x(1); fn post_x() {}; \"post_x(\"")]),
        ["post_x"]
    );
    assert_none("it is called", &untested(&[action(), page(), test("act!(story, ann, tx => post_x(tx))")]));
    assert_none("no page calls it", &untested(&[action()]));
}

#[test]
fn everything_in_the_catalogue_is_told() {
    assert_none("nothing writes these into the log: take them out", &unused(&all()));
}

#[test]
fn an_entry_that_nothing_tells_is_found() {
    assert_finds_each(
        unused,
        &[("src/work/x/actions.rs", "audit::record(tx, Action::SessionPosted, id, json!({}))")],
    );
}

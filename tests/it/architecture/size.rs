//! A file is short enough to be read at one sitting. (Functions are measured by clippy: `too_many_lines` in
//! `clippy.toml`.)

use super::source::{Source, project, root};
use super::{assert_finds_each, assert_none};

const LINES_AT_MOST: usize = 400;

fn too_long(sources: &[Source]) -> Vec<String> {
    let lines = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| lines(source) > LINES_AT_MOST);
    long.map(|source| format!("{} has {} lines, over {LINES_AT_MOST}", source.path, lines(source))).collect()
}

#[test]
fn no_file_is_over_400_lines() {
    for ending in ["rs", "html", "scss", "sql"] {
        let sources =
            project(&["crates", "src", "tests", "benches", "web/styles", "migrations", "build.rs"], ending);
        assert!(ending != "rs" || sources.len() > 20, "the sources were not found");
        assert_none("split these files by what they are about", &too_long(&sources));
    }
}

#[test]
fn a_file_of_401_lines_is_found() {
    let line = "// a line\n";
    assert_finds_each(too_long, &[("src/work/x/mod.rs", &line.repeat(401))]);
    assert_none("400 lines are allowed", &too_long(&[Source::new("src/work/x/mod.rs", &line.repeat(400))]));
}

#[test]
fn clippy_measures_functions() {
    let settings = std::fs::read_to_string(root().join("clippy.toml")).expect("clippy.toml");
    assert!(settings.lines().any(|line| line.trim() == "too-many-lines-threshold = 70"));
}

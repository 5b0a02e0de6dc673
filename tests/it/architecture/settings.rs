//! docs/OPERATIONS.md explains every setting, in the words of `config/default.toml`.

use super::assert_none;
use super::source::root;

/// The table of settings that `defaults` asks for: name, default, and the comment above it.
fn table(defaults: &str) -> String {
    let mut rows = String::from("| Setting | Default | Meaning |\n|---|---|---|\n");
    let (mut section, mut meaning) = (String::new(), Vec::new());
    for line in defaults.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            meaning.push(comment.trim());
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
            meaning.clear();
        } else if let Some((key, value)) = line.split_once(" = ") {
            rows.extend(["| `", &section, ".", key, "` | `", value, "` | ", &meaning.join(" "), " |\n"]);
            meaning.clear();
        } else {
            meaning.clear();
        }
    }
    rows
}

#[test]
fn operations_explains_every_setting() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let wanted = table(&read("config/default.toml"));
    assert!(wanted.lines().count() > 20, "the settings were not found");
    let unexplained: Vec<_> = wanted.lines().filter(|row| row.ends_with("|  |")).map(str::to_owned).collect();
    assert_none("explain these in config/default.toml", &unexplained);
    let stands = read("docs/OPERATIONS.md").contains(&wanted);
    assert!(stands, "put this table into docs/OPERATIONS.md:\n\n{wanted}");
}

#[test]
fn a_setting_is_listed_with_its_section_default_and_meaning() {
    let defaults =
        "# About the file.\n\n[server]\n# Where to listen.\n# Zero is free.\nport = 8080\nhost = \"::1\"\n";
    let rows = table(defaults);
    assert!(rows.ends_with(
        "| `server.port` | `8080` | Where to listen. Zero is free. |\n| `server.host` | `\"::1\"` |  |\n"
    ));
}

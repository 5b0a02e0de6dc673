//! Reading the project's sources: which files there are, and what in them is code, what is text.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the project.
pub struct Source {
    /// Its path from the project's root, with `/` between folders.
    pub path: String,
    /// All of it.
    pub text: String,
    /// The same with comments and the insides of strings blanked out, line for line. Equal to `text` for a file
    /// that is not Rust.
    pub code: String,
    /// The insides of its strings, each with the line it begins on.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    /// A source from its path and text.
    pub fn new(path: &str, text: &str) -> Self {
        let (code, strings) =
            if has_ending(path, "rs") { split(text) } else { (text.to_owned(), Vec::new()) };
        Self { path: path.to_owned(), text: text.to_owned(), code, strings }
    }

    /// The code before the file's own tests, which come last in a file and may do what the rest may not.
    pub fn code_without_tests(&self) -> &str {
        self.code.find("#[cfg(test)]").map_or(&self.code, |at| &self.code[..at])
    }

    /// Each line of the code without tests that `offends`, as `path:line: line`.
    pub fn lines_where(&self, offends: impl Fn(&str) -> bool) -> Vec<String> {
        let lines = self.code_without_tests().lines().enumerate();
        let offending = lines.filter(|(_, line)| offends(line));
        offending.map(|(at, line)| format!("{}:{}: {}", self.path, at + 1, line.trim())).collect()
    }

    /// Its name without folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The area it belongs to, if any: the folder beneath `src/`.
    pub fn area(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(area, _)| area)
    }

    /// The slice it belongs to, if any: the folder, or the file, beneath its area.
    pub fn slice(&self) -> Option<&str> {
        let (_, within) = self.path.strip_prefix("src/")?.split_once('/')?;
        let slice = within.split_once('/').map_or(within, |(slice, _)| slice);
        Some(slice.strip_suffix(".rs").unwrap_or(slice))
    }
}

/// Every file with this ending in these folders of the project, in order of path.
pub fn project(folders: &[&str], ending: &str) -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root.join(folder), ending, &mut paths);
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("beneath the root").to_string_lossy().replace('\\', "/");
        Source::new(&name, &fs::read_to_string(path).expect("a readable file"))
    };
    paths.iter().map(read).collect()
}

/// The folder of the manifest.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the path ends in a dot and this.
pub fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

fn collect(path: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a readable folder") {
            collect(&entry.expect("a readable entry").path(), ending, found);
        }
    } else if path.is_file() && path.extension().is_some_and(|have| have == ending) {
        found.push(path.to_owned());
    }
}

/// Splits Rust into code, with comments and strings blanked out, and strings with their lines.
fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let mut splitter = Splitter { rest: text, line: 1, code: String::new(), strings: Vec::new() };
    while !splitter.rest.is_empty() {
        splitter.step();
    }
    (splitter.code, splitter.strings)
}

struct Splitter<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

impl Splitter<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(self.rest.find("*/").map_or(self.rest.len(), |at| at + 2));
        } else if let Some(hashes) = self.raw_string() {
            self.string(1 + hashes + 1, &format!("\"{}", "#".repeat(hashes)));
        } else if self.rest.starts_with('"') {
            self.string(1, "\"");
        } else if let Some(length) = self.character() {
            self.blank(length);
        } else {
            self.keep();
        }
    }

    /// How many hashes a raw string that begins here has. The `r` of a name like `for` begins none.
    fn raw_string(&self) -> Option<usize> {
        let after = self.rest.strip_prefix('r')?;
        let hashes = after.len() - after.trim_start_matches('#').len();
        let in_name = self.code.ends_with(|last: char| last.is_alphanumeric() && last != 'b' || last == '_');
        (after[hashes..].starts_with('"') && !in_name).then_some(hashes)
    }

    /// The length of a character like `'"'` or `'\n'` that begins here; a lifetime is none.
    fn character(&self) -> Option<usize> {
        let mut inside = self.rest.strip_prefix('\'')?.char_indices();
        let (_, first) = inside.next()?;
        if first == '\\' {
            let from = inside.nth(1)?.0;
            return self.rest[1 + from..].find('\'').map(|at| 1 + from + at + 1);
        }
        inside.next().filter(|(_, second)| *second == '\'').map(|(at, _)| at + 2)
    }

    fn string(&mut self, opening: usize, closing: &str) {
        let (inside, raw) = (&self.rest[opening..], closing.len() > 1 || self.rest.starts_with('r'));
        let mut end = 0;
        while end < inside.len() && !inside[end..].starts_with(closing) {
            let escaped = usize::from(!raw && inside[end..].starts_with('\\'));
            let next = inside[end..].chars().take(1 + escaped).map(char::len_utf8).sum::<usize>();
            end += next;
        }
        self.strings.push((self.line, inside[..end].to_owned()));
        self.code.push('"');
        self.blank((opening + end + closing.len()).min(self.rest.len()));
        self.code.push('"');
    }

    /// Leaves out this many bytes but keeps their line ends, so that lines keep their numbers.
    fn blank(&mut self, length: usize) {
        let ends = self.rest[..length].matches('\n').count();
        self.code.extend(std::iter::repeat_n('\n', ends));
        self.line += ends;
        self.rest = &self.rest[length..];
    }

    fn keep(&mut self) {
        if let Some(next) = self.rest.chars().next() {
            self.line += usize::from(next == '\n');
            self.code.push(next);
            self.rest = &self.rest[next.len_utf8()..];
        }
    }
}

#[test]
fn code_and_strings_are_told_apart() {
    let text = "let a = \"x // \\\" y\"; // use sqlx\n/* sqlx\n */ let b = r#\"select \"q\"\"#; let c = '\"'; fn d<'e>() {}\n";
    let source = Source::new("src/work/x/mod.rs", text);
    assert_eq!(source.strings, [(1, "x // \\\" y".to_owned()), (3, "select \"q\"".to_owned())]);
    assert_eq!(source.code, "let a = \"\"; \n\n let b = \"\"; let c = ; fn d<'e>() {}\n");
    assert_eq!(source.code.lines().count(), text.lines().count());
}

//! Which slices a source asks for: by `use`, in whatever braces, and by a path in the middle of its code.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// A slice, as `area::slice`.
pub type Slice = String;

/// The arrows between slices, each with the files it comes from.
pub type Arrows = BTreeMap<(Slice, Slice), BTreeSet<String>>;

/// The slice that a source belongs to; none for the list of an area's modules and for tests.
pub fn slice_of(source: &Source) -> Option<Slice> {
    let slice = source.slice().filter(|slice| *slice != "mod")?;
    (source.file_name() != "tests.rs").then(|| format!("{}::{slice}", source.area().unwrap_or_default()))
}

/// Every arrow from a slice to another of these sources.
pub fn arrows(sources: &[Source]) -> Arrows {
    let slices: BTreeSet<Slice> = sources.iter().filter_map(slice_of).collect();
    let mut arrows = Arrows::new();
    for source in sources {
        let Some(own) = slice_of(source) else { continue };
        for to in slices_named(source).into_iter().filter(|to| *to != own && slices.contains(to)) {
            arrows.entry((own.clone(), to)).or_default().insert(source.path.clone());
        }
    }
    arrows
}

/// The first two names of each path from the crate's root that the source has outside its tests.
pub fn slices_named(source: &Source) -> BTreeSet<Slice> {
    let within = source.path.strip_prefix("src/").unwrap_or(&source.path).trim_end_matches(".rs");
    let module: Vec<&str> = within.split('/').filter(|part| *part != "mod").collect();
    let code = without_test_items(&source.code);
    let words = words(&code);
    let starts = |at: &usize| *at == 0 || words[at - 1] != "::";
    let paths_at = |at: usize| {
        let mut paths = Vec::new();
        tree(&words[at..], &[], &mut paths);
        paths
    };
    let from_root = (0..words.len()).filter(starts).filter(|at| ["crate", "super"].contains(&words[*at]));
    let from_root: Vec<Vec<String>> =
        from_root.flat_map(paths_at).filter_map(|path| from_root_of(&path, &module)).collect();
    // An area that is imported whole is the beginning of other paths.
    let whole = |name: &str| {
        let ends = |path: &Vec<String>| path.len() == 1 || path.get(1).is_some_and(|next| next == "self");
        from_root.iter().any(|path| path[0] == name && ends(path))
    };
    let by_area = (0..words.len()).filter(starts).filter(|at| whole(words[*at])).flat_map(paths_at);
    let by_area = by_area.map(|path| path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
    let paths = by_area.chain(from_root.iter().cloned()).filter(|path| path.len() >= 2);
    paths.map(|path| path[..2].join("::")).collect()
}

/// The path without `crate` and `super`, in the module where it stands. None where it leads out of the crate.
fn from_root_of(path: &[&str], module: &[&str]) -> Option<Vec<String>> {
    let up = path.iter().take_while(|part| **part == "super").count();
    let (start, rest) = if up > 0 {
        (module.get(..module.len().checked_sub(up)?)?, &path[up..])
    } else {
        (&module[..0], path.strip_prefix(&["crate"])?)
    };
    let path: Vec<String> = start.iter().chain(rest).map(|part| (*part).to_owned()).collect();
    (!path.is_empty()).then_some(path)
}

/// Names, `::`, and every other sign by itself.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = match rest {
            _ if rest.starts_with("::") => 2,
            _ if is_part(first) => rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

/// Reads `a::b` or `a::{b, c::d}` after `before` and gives how many words it took.
fn tree<'w>(words: &[&'w str], before: &[&'w str], paths: &mut Vec<Vec<&'w str>>) -> usize {
    let mut path = before.to_vec();
    let mut at = 0;
    while let Some(word) =
        words.get(at).filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
    {
        path.push(word);
        at += 1;
        if words.get(at) != Some(&"::") {
            break;
        }
        at += 1;
        if words.get(at) == Some(&"{") {
            at += 1;
            while !matches!(words.get(at), None | Some(&"}")) {
                at += tree(&words[at..], &path, paths).max(1);
            }
            return at + 1;
        }
    }
    paths.push(path);
    at
}

/// The code without each item that stands under `#[cfg(test)]`.
fn without_test_items(code: &str) -> String {
    let mut parts = code.split("#[cfg(test)]");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| kept.push_str(after_item(part)));
    kept
}

/// What follows the first item of the code.
fn after_item(code: &str) -> &str {
    let Some(at) = code.find(['{', ';']) else { return "" };
    let mut depth = 0_usize;
    for (offset, sign) in code[at..].char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &code[at + offset + 1..];
        }
    }
    ""
}

#[test]
fn every_way_to_name_a_slice_is_read() {
    let text = "use crate::{terms::{bank::{self, Bank as B}, rate}, ground::db};\nuse crate::people::account;\n\
                fn f() { super::super::session::post(); crate::letters::alert::ask::<u8>(); other::crate_::work::x(); }\n\
                #[cfg(test)]\npub fn g() { crate::site::jobs::x() }\nfn h() { crate::ground::audit::log(super::y) }\n\
                #[cfg(test)]\nmod tests { use crate::insight::watching; }\n\
                use crate::people;\nfn i() { people::clinician::find(); insight::fill_rate::x() }\n";
    let named = slices_named(&Source::new("src/work/booking/pages/mod.rs", text));
    let expected = [
        "ground::audit",
        "ground::db",
        "letters::alert",
        "people::account",
        "people::clinician",
        "terms::bank",
        "terms::rate",
        "work::booking",
        "work::session",
    ];
    assert_eq!(named.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

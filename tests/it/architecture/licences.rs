//! What comes in from outside is free to use, change and sell on, and comes from nobody's private address.

use std::process::Command;

use serde_json::Value;

use super::assert_none;
use super::source::root;

/// Licences whose terms this project can keep. MPL-2.0 asks only that changes to its own files be published.
const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unicode-3.0",
    "Unlicense",
    "MPL-2.0",
    "CDLA-Permissive-2.0",
    "BlueOak-1.0.0",
];

/// For tools that are run but never shipped, beside the above.
const ALLOWED_FOR_TOOLS: [&str; 2] = ["Python-2.0", "CC-BY-4.0"];

/// Packages that must not come in, and why.
const BANNED: [(&str, &str); 4] = [
    ("actix-governor", "its licence is the GPL"),
    ("openssl-sys", "rustls is what we use, and a system library would have to be installed"),
    ("native-tls", "rustls is what we use"),
    ("actix-session", "sign-ins are kept in PostgreSQL"),
];

/// Whether an SPDX expression can be met with these licences: `(MIT OR Apache-2.0) AND ISC`.
fn allows(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    met && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let other = all_of(words, at, allowed);
        met = met || other;
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let other = one(words, at, allowed);
        met = met && other;
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let met = any_of(words, at, allowed);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        // An exception only adds to what the licence allows.
        *at += 2;
    }
    allowed.contains(&word)
}

/// Every package of the build for this machine, as cargo knows it.
fn cargo_packages() -> Vec<Value> {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", TARGET])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: Value = serde_json::from_slice(&answer.stdout).expect("metadata as JSON");
    metadata["packages"].as_array().cloned().unwrap_or_default()
}

/// The machine the service runs on. Packages for others are never fetched.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn refused_crates(packages: &[Value]) -> Vec<String> {
    let mut offences = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        match package["license"].as_str() {
            Some(licence) if allows(licence, &ALLOWED) => {}
            licence => offences.push(format!("{name}: {}", licence.unwrap_or("names no licence"))),
        }
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            offences.push(format!("{name}: {why}"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+")) {
            offences
                .push(format!("{name}: comes from {}, not from the registry", source.unwrap_or_default()));
        }
    }
    offences
}

fn refused_npm_packages(lock: &Value, allowed: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for (path, package) in
        lock["packages"].as_object().into_iter().flatten().filter(|(path, _)| !path.is_empty())
    {
        match package["license"].as_str() {
            Some(licence) if allows(licence, allowed) => {}
            licence => offences.push(format!("{path}: {}", licence.unwrap_or("names no licence"))),
        }
        if package.get("resolved").is_some() {
            offences.push(format!("{path}: the lock file names where it was downloaded from"));
        }
        if package.get("integrity").is_none() {
            offences.push(format!("{path}: the lock file has no checksum of it"));
        }
    }
    offences
}

fn npm_lock(folder: &str) -> Value {
    let lock = std::fs::read_to_string(root().join(folder).join("package-lock.json")).expect("a lock file");
    serde_json::from_str(&lock).expect("a lock file in JSON")
}

#[test]
fn crates_have_licences_we_can_keep() {
    let packages = cargo_packages();
    assert!(packages.len() > 200, "the packages were not found");
    assert_none("replace these", &refused_crates(&packages));
}

#[test]
fn npm_packages_have_licences_we_can_keep() {
    assert_none("replace these", &refused_npm_packages(&npm_lock("web"), &ALLOWED));
    let allowed = [&ALLOWED[..], &ALLOWED_FOR_TOOLS[..]].concat();
    assert_none("replace these", &refused_npm_packages(&npm_lock("web/tools"), &allowed));
}

#[test]
fn a_licence_we_cannot_keep_is_found() {
    let package = |licence: &str| serde_json::json!({ "name": "x", "license": licence, "source": null });
    assert_eq!(refused_crates(&[package("GPL-3.0-only")]).len(), 1);
    assert_eq!(refused_crates(&[package("MIT AND AGPL-3.0")]).len(), 1);
    assert_eq!(
        refused_crates(&[serde_json::json!({ "name": "x", "source": "git+ssh://a.example" })]).len(),
        2
    );
    assert_eq!(refused_crates(&[serde_json::json!({ "name": "native-tls", "license": "MIT" })]).len(), 1);
    let lock =
        serde_json::json!({ "packages": { "node_modules/x": { "license": "GPL-2.0", "resolved": "a" } } });
    assert_eq!(refused_npm_packages(&lock, &ALLOWED).len(), 3);
}

#[test]
fn expressions_are_read_as_written() {
    let allowed = ["MIT", "Apache-2.0", "ISC"];
    for good in
        ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-2.0", "(MIT OR GPL-2.0) AND ISC", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(allows(good, &allowed), "{good}");
    }
    for bad in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-2.0", "MIT GPL-3.0", "SEE LICENSE IN FILE"]
    {
        assert!(!allows(bad, &allowed), "{bad}");
    }
}

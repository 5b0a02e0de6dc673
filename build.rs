//! Embeds the front end in the binary: every file of `web/dist` becomes an entry of the table that
//! `src/web/assets.rs` includes. Nothing is read from disk when the service runs.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// For packagers who build the front end elsewhere: the folder to embed instead of `web/dist`.
const FOLDER_SETTING: &str = "LOCUMBANK_WEB_DIST";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed={FOLDER_SETTING}");
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("The front end could not be embedded: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let folder = front_end_folder()?;
    let mut files = Vec::new();
    collect(&folder, &mut files).map_err(|error| format!("reading {}: {error}", folder.display()))?;
    files.sort();
    if !files.iter().any(|file| file.ends_with("app.css")) {
        return Err(format!("{} has no app.css: run ./dev setup", folder.display()));
    }
    let table = table_source(&folder, &files)?;
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|_| "cargo gave no OUT_DIR".to_owned())?);
    fs::write(out.join("assets.rs"), table).map_err(|error| format!("writing assets.rs: {error}"))
}

/// The folder to embed, told to cargo so that a rebuilt front end is embedded anew.
fn front_end_folder() -> Result<PathBuf, String> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(|_| "cargo gave no manifest folder".to_owned())?;
    let folder = match env::var_os(FOLDER_SETTING) {
        Some(folder) => Path::new(&root).join(folder),
        None => Path::new(&root).join("web/dist"),
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(format!(
        "{} is missing: run ./dev setup, or name a folder built elsewhere in {FOLDER_SETTING}",
        folder.display()
    ))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}

/// Rust source of the table, ordered by path so that a look-up can halve its way, and of the version in
/// the addresses: a changed byte in any file changes every address, so browsers may keep files for ever.
fn table_source(folder: &Path, files: &[PathBuf]) -> Result<String, String> {
    let mut rows = Vec::new();
    let mut version = Fnv::new();
    for file in files {
        let name = file
            .strip_prefix(folder)
            .ok()
            .and_then(Path::to_str)
            .ok_or_else(|| format!("{} has a name that is not UTF-8", file.display()))?
            .replace('\\', "/");
        let content_type = content_type(&name)?;
        let bytes = fs::read(file).map_err(|error| format!("reading {}: {error}", file.display()))?;
        let absolute =
            fs::canonicalize(file).map_err(|error| format!("finding {}: {error}", file.display()))?;
        version.add(name.as_bytes());
        version.add(&bytes);
        rows.push((name, content_type, absolute));
    }
    rows.sort();
    let mut source = String::from("const ASSETS: &[Asset] = &[\n");
    for (name, content_type, absolute) in rows {
        let absolute = absolute.display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(
            source,
            "    Asset {{ path: {name:?}, content_type: {content_type:?}, bytes: include_bytes!({absolute:?}) }},"
        );
    }
    let _ = writeln!(source, "];\nconst VERSION: &str = \"{:016x}\";", version.0);
    Ok(source)
}

fn content_type(name: &str) -> Result<&'static str, String> {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("png") => Ok("image/png"),
        Some("ico") => Ok("image/x-icon"),
        Some("txt") => Ok("text/plain; charset=utf-8"),
        _ => Err(format!("{name}: build.rs knows no content type for this ending, add one to content_type")),
    }
}

/// FNV-1a: names versions, protects nothing.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

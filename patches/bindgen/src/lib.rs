//! Stands in for bindgen in the build of `highs-sys`: the bindings of HiGHS's C interface were made before and lie beside
//! this file, so that nobody needs libclang to build the project. README.md says how to make them anew.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What bindgen made of HiGHS's C interface.
const BINDINGS: &str = include_str!("../highs-1.15.0.rs");

/// The headers that [`BINDINGS`] were made of, beneath the folder of headers that HiGHS installs.
const HEADERS: [&str; 3] = ["interfaces/highs_c_api.h", "lp_data/HighsCallbackStruct.h", "util/HighsInt.h"];

/// The sum of these headers' bytes; bindings fit only the headers they were made of.
const SUM: u64 = 0x894d_ace7_156b_966a;

/// What a build script wants to hear of while bindings are made.
pub mod callbacks {
    /// Told of every header that the bindings rest on.
    pub trait ParseCallbacks: std::fmt::Debug {
        /// The header that was named.
        fn header_file(&self, _path: &str) {}
        /// A header that another one includes.
        fn include_file(&self, _path: &str) {}
        /// A variable of the environment that was read.
        fn read_env_var(&self, _name: &str) {}
    }
}

/// What is asked for.
#[derive(Debug, Default)]
pub struct Builder {
    include_folder: PathBuf,
    callbacks: Option<Box<dyn callbacks::ParseCallbacks>>,
}

impl Builder {
    /// Takes an argument for clang; the folder of headers (`-I…`) is the only one that matters here.
    #[must_use]
    pub fn clang_arg(mut self, argument: impl AsRef<str>) -> Self {
        if let Some(folder) = argument.as_ref().strip_prefix("-I") {
            self.include_folder = folder.into();
        }
        self
    }

    /// Takes the header to begin with, which is the same every time.
    #[must_use]
    pub fn header(self, _path: impl Into<String>) -> Self {
        self
    }

    /// Takes whether the sizes of structures are checked when the bindings are compiled; they always are.
    #[must_use]
    pub fn layout_tests(self, _wanted: bool) -> Self {
        self
    }

    /// Takes who wants to hear of the headers.
    #[must_use]
    pub fn parse_callbacks(mut self, callbacks: Box<dyn callbacks::ParseCallbacks>) -> Self {
        self.callbacks = Some(callbacks);
        self
    }

    /// The bindings, if HiGHS's headers are those they were made of.
    pub fn generate(self) -> Result<Bindings, OtherHeaders> {
        let headers = HEADERS.map(|header| self.include_folder.join(header));
        if let Some(callbacks) = &self.callbacks {
            for header in &headers {
                callbacks.include_file(&header.to_string_lossy());
            }
        }
        let sum = sum(&headers).map_err(OtherHeaders::Unreadable)?;
        if sum == SUM { Ok(Bindings) } else { Err(OtherHeaders::Changed { sum }) }
    }
}

/// Bindings that fit.
#[derive(Debug)]
pub struct Bindings;

impl Bindings {
    /// Writes them to a file.
    pub fn write_to_file(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, BINDINGS)
    }
}

/// HiGHS's headers are not those the bindings were made of. Read by a build script's `expect`, which shows it by `Debug`.
pub enum OtherHeaders {
    /// A header could not be read.
    Unreadable(io::Error),
    /// The headers are others.
    Changed {
        /// Their sum.
        sum: u64,
    },
}

impl std::fmt::Debug for OtherHeaders {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(error) => write!(formatter, "HiGHS's headers can't be read: {error}"),
            Self::Changed { sum } => write!(
                formatter,
                "patches/bindgen holds the bindings of another version of HiGHS (these headers' sum is {sum:#x}): make \
                 them anew, its README.md says how"
            ),
        }
    }
}

/// FNV-1a over the headers, the same with either kind of line end.
fn sum(headers: &[PathBuf]) -> io::Result<u64> {
    let mut text = String::new();
    for header in headers {
        for line in fs::read_to_string(header)?.lines() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
        }
    }
    Ok(text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

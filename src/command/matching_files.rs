//! Problem and plan files on disk, plain or gzipped.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use matching_model::format::{ReadProblemError, read_plan, read_problem};
use matching_model::plan::Plan;
use matching_model::problem::Problem;

/// Why a file could not be read. A command that meets one exits with 2 and writes nothing.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file could not be opened.
    #[error("opening {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file holds no problem that can be used.
    #[error("{}: {source}", path.display())]
    Problem {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: ReadProblemError,
    },
    /// The file holds no plan.
    #[error("{} is not a plan: {source}", path.display())]
    Plan {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
}

/// Reads a problem file, and validates it.
pub fn problem_from(path: &Path) -> Result<Problem, FileError> {
    let path = path.to_owned();
    read_problem(open(&path)?).map_err(|source| FileError::Problem { path, source })
}

/// Reads a plan file, of this engine or of another.
pub fn plan_from(path: &Path) -> Result<Plan, FileError> {
    let path = path.to_owned();
    read_plan(open(&path)?).map_err(|source| FileError::Plan { path, source })
}

/// The bytes of a file, uncompressed where its first two say that it is gzipped.
fn open(path: &Path) -> Result<Box<dyn Read>, FileError> {
    let failed = |source| FileError::Open { path: path.to_owned(), source };
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let start = std::io::BufRead::fill_buf(&mut file).map_err(failed)?;
    if start.starts_with(&[0x1f, 0x8b]) {
        Ok(Box::new(flate2::bufread::MultiGzDecoder::new(file)))
    } else {
        Ok(Box::new(file))
    }
}

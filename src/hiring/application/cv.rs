//! The CV of an application: a file like those that clinicians hand in, read and sealed by the same.

use crate::ground::id::{ApplicationId, BankId};
use crate::people::document::FileKind;
use crate::people::document::seal::{Bound, Sealed};

/// Which CV a file is: sealed with it, and asked again when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CvOf {
    /// The bank of the vacancy.
    pub bank: BankId,
    /// The application.
    pub application: ApplicationId,
    /// What its content is.
    pub kind: FileKind,
}

impl Bound for CvOf {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"locumbank cv 1 ".to_vec();
        bytes.extend(self.bank.0.as_bytes());
        bytes.extend(self.application.0.as_bytes());
        bytes.extend(self.kind.code().as_bytes());
        bytes
    }
}

/// A CV to be kept, sealed.
#[derive(Debug, Clone)]
pub struct NewCv {
    /// What its content is.
    pub kind: FileKind,
    /// What its person calls the file.
    pub file_name: String,
    /// Its size before it was sealed, in bytes.
    pub bytes: i32,
    /// Whether it was looked through for viruses.
    pub is_virus_checked: bool,
    /// The file.
    pub sealed: Sealed,
}

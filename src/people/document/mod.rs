//! Documents that clinicians hand in as files, to show what they hold.
//!
//! ```text
//! waiting ──▶ verified     an administrator has seen it: it is recorded, with its last day (people/credential)
//!    │ └────▶ sent back    an administrator says what is wrong
//!    └──────▶ replaced     a newer one of the same kind was handed in before
//! ```
//!
//! One of a kind waits at a time. None is taken away: what was handed in stays with what became of it.

pub mod actions;
pub mod content;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod seal;
pub mod store;
pub mod virus;

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::words;

/// What a file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum FileKind {
    /// A PDF.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Jpeg, Self::Png];

    /// The name in the database, and after the point of a file's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG picture",
            Self::Png => "PNG picture",
        }
    }

    /// What browsers are told that it is.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What has become of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided about it.
    Waiting,
    /// A newer one of its kind came before anybody had decided.
    Replaced,
    /// An administrator has seen it.
    Verified {
        /// When.
        at: DateTime<Utc>,
        /// Their name.
        by: String,
        /// The last day, as they read it; none where it does not end.
        valid_through: Option<NaiveDate>,
    },
    /// An administrator says that it will not do.
    SentBack {
        /// When.
        at: DateTime<Utc>,
        /// Their name.
        by: String,
        /// What is wrong, in their words.
        reason: String,
    },
}

/// A document that somebody has handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub clinician: ClinicianId,
    /// Their name.
    pub clinician_name: String,
    /// What it is to show: the competency's code.
    pub competency: String,
    /// And its name.
    pub name: String,
    /// What the file is.
    pub kind: FileKind,
    /// What its person calls the file.
    pub file_name: String,
    /// Its size, in bytes.
    pub bytes: i32,
    /// Whether it was looked through for viruses.
    pub is_virus_checked: bool,
    /// The last day as its person reads it; none where they say that it does not end.
    pub said_valid_through: Option<NaiveDate>,
    /// When it was handed in.
    pub handed_in_at: DateTime<Utc>,
    /// What has become of it.
    pub state: State,
}

impl Document {
    /// "PDF, 2.3 MB".
    #[must_use]
    pub fn file_in_words(&self) -> String {
        format!("{}, {}", self.kind.name(), size(self.bytes))
    }

    /// What a browser keeps the file as: of our own letters alone.
    #[must_use]
    pub fn kept_as(&self) -> String {
        let day = words::london_date(self.handed_in_at);
        format!("{}-{day}.{}", self.competency.replace('_', "-"), self.kind.code())
    }
}

/// "31 March 2027", or that it does not end.
#[must_use]
pub fn last_day(valid_through: Option<NaiveDate>) -> String {
    valid_through.map_or_else(|| "It does not end".to_owned(), words::date_without_weekday)
}

/// "2.3 MB", "12 KB": rounded up, so that nothing has no size.
#[must_use]
pub fn size(bytes: i32) -> String {
    let kilobytes = (bytes.max(1) - 1) / 1024 + 1;
    if kilobytes < 1024 {
        return format!("{kilobytes} KB");
    }
    let tenths = (kilobytes * 10 - 1) / 1024 + 1;
    if tenths % 10 == 0 {
        format!("{} MB", tenths / 10)
    } else {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_said_as_people_say_it() {
        for (bytes, said) in [
            (1, "1 KB"),
            (1024, "1 KB"),
            (1025, "2 KB"),
            (1_048_576, "1 MB"),
            (2_400_000, "2.3 MB"),
            (10_485_760, "10 MB"),
        ] {
            assert_eq!(size(bytes), said, "{bytes}");
        }
    }
}

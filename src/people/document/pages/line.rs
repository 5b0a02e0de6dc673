//! A document in words, as lists and pages show it.

use chrono::{DateTime, Utc};

use crate::ground::web::components::{Tag, TagColour};
use crate::ground::words;
use crate::people::document::{Document, State, last_day};

/// A document in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// What it is to show.
    pub name: String,
    /// What its person calls the file, and what the file is.
    pub file: String,
    /// When it was handed in.
    pub handed_in: String,
    /// The last day, as it was decided or else as its person reads it.
    pub last_day: String,
    /// What has become of it.
    pub state: Tag,
    /// More about that; may be empty.
    pub note: String,
    /// Where the form goes that opens the file.
    pub open: String,
    /// What the button for that is called, for those who hear it alone.
    pub open_text: String,
}

impl DocumentLine {
    /// The line of a document at an instant. `path` is that of the document.
    #[must_use]
    pub fn of(document: &Document, path: &str, now: DateTime<Utc>) -> Self {
        let (state, valid, note) = match &document.state {
            State::Waiting => {
                ((TagColour::Yellow, "Waits to be looked at"), document.said_valid_through, None)
            }
            State::Replaced => {
                ((TagColour::Grey, "Replaced by a newer one"), document.said_valid_through, None)
            }
            State::Verified { at, by, valid_through } => {
                let note = format!("By {by}, {}", words::when(*at, now));
                ((TagColour::Green, "Verified"), *valid_through, Some(note))
            }
            State::SentBack { at, by, reason } => {
                let note = format!("{reason} ({by}, {})", words::when(*at, now));
                ((TagColour::Red, "Sent back"), document.said_valid_through, Some(note))
            }
        };
        Self {
            name: document.name.clone(),
            file: format!("{} ({})", document.file_name, document.file_in_words()),
            handed_in: words::when(document.handed_in_at, now),
            last_day: last_day(valid),
            state: Tag::new(state.1, state.0),
            note: note.unwrap_or_default(),
            open: format!("{path}/open"),
            open_text: format!(
                "{} of {}",
                words::in_sentence(&document.name),
                words::when(document.handed_in_at, now)
            ),
        }
    }
}

//! What is erased by itself when its time is over, by the times that each bank has decided (`terms::rules`). The first night
//! after they were decided only counts; the night after that erases.

pub mod actions;
pub mod jobs;
pub mod pages;
pub mod store;

use serde::{Deserialize, Serialize};

/// How many of each kind a night erased, or would have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Emails that lost their text.
    pub mails: u64,
    /// Plans that lost homes, hours and wishes.
    pub plans: u64,
    /// Files that were deleted.
    pub files: u64,
    /// Names that stood beside bookings.
    pub names: u64,
    /// People who had left.
    pub people: u64,
    /// Applications to vacancies that closed long ago.
    pub applications: u64,
    /// Copies of what is held about somebody.
    pub copies: u64,
}

impl Counts {
    /// Each kind with its number, in words.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, u64); 7] {
        [
            ("Emails that lose their text", self.mails),
            ("Plans that lose homes, hours and wishes", self.plans),
            ("Files that are deleted", self.files),
            ("Names that go from beside bookings", self.names),
            ("People who left and are erased", self.people),
            ("Applications that are deleted", self.applications),
            ("Copies whose seven days are over", self.copies),
        ]
    }

    /// Whether there is anything.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        self.lines().iter().any(|(_, count)| *count > 0)
    }
}

//! To whom sessions are open first.

use serde::{Deserialize, Serialize};

/// How sessions are released when they are posted, unless their practice says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releasing {
    /// Whether they are released in stages.
    pub is_staged: bool,
    /// Hours before the start from which people who have worked at the practice are asked; 0 where they are asked with
    /// everybody.
    pub worked_here_hours: i32,
    /// Hours before the start from which everybody is asked.
    pub everybody_hours: i32,
    /// Whether the stages before stay open.
    pub keeps_previous: bool,
}

impl Releasing {
    /// What counts where nothing was decided: everybody is asked at once; and if not, what a bank would start with.
    pub const AT_ONCE: Self =
        Self { is_staged: false, worked_here_hours: 504, everybody_hours: 336, keeps_previous: true };
}

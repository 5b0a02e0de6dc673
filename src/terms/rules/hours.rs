//! Rest and hours.

use serde::{Deserialize, Serialize};

/// Rest and hours of those whom the bank employs: the law's, or stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkHours {
    /// Hours of rest between two working days. Within one the law's count.
    pub least_rest_hours: i32,
    /// The most hours a week.
    pub most_hours_per_week: i32,
}

impl WorkHours {
    /// What the law wants: eleven hours between two working days, and in the 24 from the start of one (Working Time
    /// Regulations 1998, regulation 10), and 48 hours a week at most (regulation 4).
    pub const LAW: Self = Self { least_rest_hours: 11, most_hours_per_week: 48 };

    /// The rest, in minutes.
    #[must_use]
    pub fn least_rest_minutes(self) -> i32 {
        self.least_rest_hours * 60
    }

    /// The most minutes a week.
    #[must_use]
    pub fn most_minutes_per_week(self) -> i64 {
        i64::from(self.most_hours_per_week) * 60
    }
}

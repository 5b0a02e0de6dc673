//! What somebody can show: skills, systems and documents with their last valid dates, and the decision that they
//! may work.
//!
//! "Ends 31 March" means the end of that day on the bank's clocks: a session is covered when its last local date is
//! not later.

pub mod store;

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{AccountId, ClearanceId, ClinicianId};

/// A competency somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its code.
    pub competency: String,
    /// The last date on which it is valid; none where it does not expire.
    pub valid_through: Option<NaiveDate>,
}

/// A bank administrator's decision that somebody may work in a role. The newest counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Clearance {
    /// Its id.
    pub id: ClearanceId,
    /// Whom it is about.
    pub clinician: ClinicianId,
    /// For which role.
    pub role: String,
    /// The last date on which they may work.
    pub cleared_until: NaiveDate,
    /// Why, in the administrator's words.
    pub reason: String,
    /// Who decided.
    pub decided_by: AccountId,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

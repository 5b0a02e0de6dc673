//! The demonstration bank: an invented county with its practices, clinicians, sessions and twelve weeks of history,
//! made anew from today's date; or real practices with invented people.
//!
//! Nothing in it is asserted of anybody: every page of such a bank says that it is invented.

pub mod context;
pub mod county;
pub mod history;
pub mod load;
pub mod people;
mod rounds;
mod store;
pub mod trades;
mod vacancies;
pub mod walk;
pub mod work;
mod worked;

use crate::ground::sign_in::PersonKind;

/// Everybody's password in a demonstration bank. It protects nothing.
pub const PASSWORD: &str = "demonstration";

/// One person of each kind to sign in as.
pub const SIGN_INS: [(PersonKind, &str); 4] = [
    (PersonKind::PracticeManager, "manager@demonstration.example"),
    (PersonKind::Clinician, "clinician@demonstration.example"),
    (PersonKind::BankAdministrator, "administrator@demonstration.example"),
    (PersonKind::Commissioner, "commissioner@demonstration.example"),
];

/// How much is invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Clinicians.
    pub clinicians: usize,
    /// Sessions from tomorrow on.
    pub sessions: usize,
    /// Weeks from tomorrow on in which they lie.
    pub weeks_ahead: i64,
    /// Weeks of history.
    pub weeks_behind: i64,
    /// Sessions in each week of history.
    pub sessions_a_week_behind: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { clinicians: 120, sessions: 800, weeks_ahead: 4, weeks_behind: 12, sessions_a_week_behind: 170 }
    }
}

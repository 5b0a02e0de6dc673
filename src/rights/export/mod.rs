//! A copy of everything that is held about somebody: JSON for programs, a page to read, and the files they handed in, in one
//! zip. A job makes it; it lies sealed for a week, and its person alone fetches it, signed in and with their password. A
//! bank's administrator makes one of what the bank holds, for somebody who asks by letter.

pub mod actions;
pub mod archive;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ground::id::{AccountId, BankId, ExportId};

/// The kind of job that makes one.
pub const KIND: &str = "make_data_export";

/// It can be fetched for so long.
pub const LASTS: TimeDelta = TimeDelta::days(7);

/// A copy that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Export {
    /// The bank it was asked for in.
    pub bank_id: BankId,
    /// Its id.
    pub id: ExportId,
    /// Whom it is about.
    pub account_id: AccountId,
    /// Whether it has what every bank holds, and not this one alone.
    pub whole_account: bool,
    /// Who asked for it, and fetches it.
    pub asked_by: AccountId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When it was made; none while it waits.
    pub ready_at: Option<DateTime<Utc>>,
    /// From when on it can't be fetched.
    pub expires_at: Option<DateTime<Utc>>,
    /// How large it is.
    pub bytes: Option<i32>,
}

/// What a part of the file is sealed for, so that it opens in its own place alone.
#[must_use]
pub fn purpose(export: ExportId, number: i32) -> Vec<u8> {
    format!("copy of what is held 1 {export} {number}").into_bytes()
}

//! Addresses that take no mail: what was counted against each, and when it is enough.
//!
//! ```text
//! counted ──▶ stopped    it failed for good once, or for now too often
//!    ▲           │
//!    └───────────┘       cleared by an administrator or by the person
//! ```

pub mod actions;
pub mod pages;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};

/// So many mails that came back for now stop an address, as mailing software customarily counts.
pub const SOFT_FAILURES_THAT_STOP: i32 = 5;

/// Failures are counted anew when none came for so long.
pub const FORGET_AFTER: TimeDelta = TimeDelta::days(30);

/// What a report says happened to a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReportKind {
    /// The address takes no mail: there is no such mailbox.
    Hard,
    /// The mail came back, and another may arrive: the mailbox is full, the server was away for days, or it took the
    /// mail for unwanted.
    Soft,
    /// The reader pressed "this is spam".
    Complaint,
}

impl ReportKind {
    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Complaint => "complaint",
        }
    }

    /// What pages and mails say of an address.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Hard => "An email came back because there is no such mailbox.",
            Self::Soft => {
                "Emails came back several times: the mailbox was full, or its server was away or refused them."
            }
            Self::Complaint => {
                "An email was reported as unwanted. Emails that can be turned off are turned off."
            }
        }
    }
}

/// What was counted of an address before a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Failures that count.
    pub failures: i32,
    /// When the last came.
    pub last_failed_at: DateTime<Utc>,
    /// Whether mail to it is stopped.
    pub is_stopped: bool,
}

/// What a report leads to: the failures that count now, and whether the address takes no mail from now on.
#[must_use]
pub fn verdict(before: Option<Count>, kind: ReportKind, now: DateTime<Utc>) -> (i32, bool) {
    let counted = before.filter(|count| now - count.last_failed_at <= FORGET_AFTER);
    let failures =
        counted.map_or(0, |count| count.failures).saturating_add(i32::from(kind != ReportKind::Complaint));
    let was_stopped = before.is_some_and(|count| count.is_stopped);
    let stops = match kind {
        ReportKind::Hard => true,
        ReportKind::Soft => failures >= SOFT_FAILURES_THAT_STOP,
        ReportKind::Complaint => false,
    };
    (failures, was_stopped || stops)
}

/// An address that takes no mail, or whose reader complained.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoppedAddress {
    /// The address.
    pub address: String,
    /// Whose it is.
    pub name: Option<String>,
    /// Why.
    pub reason: ReportKind,
    /// What the mail server said.
    pub explanation: String,
    /// When that was.
    pub last_failed_at: DateTime<Utc>,
    /// Whether mail to it is stopped.
    pub is_stopped: bool,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Count, FORGET_AFTER, ReportKind, SOFT_FAILURES_THAT_STOP, verdict};

    #[test]
    fn an_address_is_stopped_once_for_good_or_often_for_now() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let count = |failures, days, is_stopped| {
            Some(Count { failures, last_failed_at: now - TimeDelta::days(days), is_stopped })
        };
        let nearly = SOFT_FAILURES_THAT_STOP - 1;
        let long_ago = FORGET_AFTER.num_days() + 1;
        let table = [
            (None, ReportKind::Hard, (1, true)),
            (None, ReportKind::Soft, (1, false)),
            (None, ReportKind::Complaint, (0, false)),
            (count(nearly - 1, 1, false), ReportKind::Soft, (nearly, false)),
            (count(nearly, 1, false), ReportKind::Soft, (SOFT_FAILURES_THAT_STOP, true)),
            (count(nearly, long_ago, false), ReportKind::Soft, (1, false)),
            (count(1, 1, true), ReportKind::Complaint, (1, true)),
            (count(1, long_ago, true), ReportKind::Soft, (1, true)),
        ];
        for (before, kind, after) in table {
            assert_eq!(verdict(before, kind, now), after, "{before:?} {kind:?}");
        }
    }
}

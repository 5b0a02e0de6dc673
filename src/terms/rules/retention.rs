//! When what is held is erased by itself.

use serde::{Deserialize, Serialize};

/// How long what is held of people is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Years for which bookings keep the name of whoever worked, from the last one on.
    pub bookings_years: i32,
    /// Years after which people who left are erased.
    pub left_years: i32,
    /// Months for which files stay that were replaced, sent back, or ended.
    pub documents_months: i32,
    /// Days for which the text of mails stays, from their leaving on.
    pub mails_days: i32,
    /// Months for which applications stay, from the closing of their vacancy on.
    #[serde(default = "usual_applications_months")]
    pub applications_months: i32,
    /// Days for which plans hold homes, hours and wishes.
    pub plans_days: i32,
}

/// What a bank decided before there were applications says nothing of them.
fn usual_applications_months() -> i32 {
    Retention::USUAL.applications_months
}

impl Retention {
    /// What counts where nothing was decided. Six years for bookings: records of a business are kept so long for the tax
    /// office (Companies Act and HMRC's own guidance), duty rosters by England's Records Management Code of Practice 2021,
    /// and a claim from a contract can be made so long (Limitation Act 1980, section 5). Six years for who left: the
    /// summary of a staff record, by the same code. Twelve months for applications: a claim before
    /// a tribunal can be made within three to six, and answered. No law names a time for the others: they are as short as their use
    /// (UK GDPR, article 5(1)(e)).
    pub const USUAL: Self = Self {
        bookings_years: 6,
        left_years: 6,
        documents_months: 12,
        mails_days: 180,
        plans_days: 365,
        applications_months: 12,
    };
}

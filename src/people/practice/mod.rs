//! Practices: the places of work that post sessions, keyed by ODS code within their bank.

pub mod actions;
pub mod forms;
pub mod import;
pub mod pages;
pub mod store;

use chrono::NaiveDate;

use crate::ground::id::{AccountId, PracticeId};

/// What sort of place a practice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PracticeKind {
    /// A GP practice.
    GpPractice,
    /// A hub of a primary care network.
    PcnHub,
    /// An out-of-hours service.
    OutOfHours,
    /// A provider of community services.
    CommunityProvider,
    /// A care home.
    CareHome,
    /// A hospital site.
    HospitalSite,
}

impl PracticeKind {
    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GpPractice => "GP practice",
            Self::PcnHub => "Primary care network hub",
            Self::OutOfHours => "Out-of-hours service",
            Self::CommunityProvider => "Community provider",
            Self::CareHome => "Care home",
            Self::HospitalSite => "Hospital site",
        }
    }
}

/// How a practice came by its coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PlacedBy {
    /// The centre of its postcode district.
    PostcodeDistrict,
    /// Its whole postcode, from a file the operator gave.
    Postcode,
    /// Given by a person.
    Given,
}

impl PlacedBy {
    /// How exact the place is, in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PostcodeDistrict => "The centre of its postcode district",
            Self::Postcode => "Its postcode",
            Self::Given => "Given by hand",
        }
    }
}

/// A practice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Practice {
    /// Its id.
    pub id: PracticeId,
    /// Its code in the Organisation Data Service, in capitals.
    pub ods_code: String,
    /// Its name, as people read it: as the register has it, and told apart from others of that name in the bank.
    pub name: String,
    /// What sort of place it is.
    pub kind: PracticeKind,
    /// Its address in one line, without the postcode; may be empty.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// Millionths of a degree, north positive.
    pub latitude_microdegrees: i32,
    /// Millionths of a degree, east positive.
    pub longitude_microdegrees: i32,
    /// How it came by its coordinates.
    pub placed_by: PlacedBy,
    /// The code of its primary care network.
    pub pcn_code: Option<String>,
    /// The name of its primary care network.
    pub pcn_name: Option<String>,
    /// The competency that says a clinician can use its clinical system.
    pub clinical_system: Option<String>,
    /// The day it opened.
    pub opened_on: Option<NaiveDate>,
    /// The last day on which it is open.
    pub closed_on: Option<NaiveDate>,
    /// Where mail to the practice as a whole goes.
    pub email: Option<String>,
}

impl Practice {
    /// Whether sessions may be posted for `date`.
    #[must_use]
    pub fn is_open_on(&self, date: NaiveDate) -> bool {
        self.closed_on.is_none_or(|closed| date <= closed)
    }

    /// Whether it comes from the national register, which knows the day on which each of its practices opened.
    #[must_use]
    pub fn is_from_register(&self) -> bool {
        self.opened_on.is_some()
    }

    /// Whether that is its code or its name, with or without what tells it apart from others of that name.
    #[must_use]
    pub fn is_called(&self, typed: &str) -> bool {
        let (typed, name) = (typed.to_lowercase(), self.name.to_lowercase());
        let rest = name.strip_prefix(&typed);
        self.ods_code.to_lowercase() == typed
            || rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with(" (") && rest.ends_with(')')))
    }

    /// Address and postcode in one line.
    #[must_use]
    pub fn full_address(&self) -> String {
        if self.address.is_empty() {
            self.postcode.clone()
        } else {
            format!("{}, {}", self.address, self.postcode)
        }
    }
}

#[cfg(test)]
impl Practice {
    /// A practice for tests, open without end.
    pub(crate) fn example() -> Self {
        Self {
            id: PracticeId::new(),
            ods_code: "J81001".to_owned(),
            name: "Orchid House Surgery".to_owned(),
            kind: PracticeKind::GpPractice,
            address: String::new(),
            postcode: "BH1 4AB".to_owned(),
            latitude_microdegrees: 50_720_000,
            longitude_microdegrees: -1_880_000,
            placed_by: PlacedBy::PostcodeDistrict,
            pcn_code: None,
            pcn_name: None,
            clinical_system: None,
            opened_on: None,
            closed_on: None,
            email: None,
        }
    }
}

/// A person to tell at a practice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contact {
    /// Their practice.
    pub practice_id: PracticeId,
    /// Their account.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Practice;

    #[test]
    fn a_practice_is_open_through_its_last_day() {
        let last = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let practice = Practice { closed_on: Some(last), ..Practice::example() };
        assert!(practice.is_open_on(last));
        assert!(!practice.is_open_on(last.succ_opt().unwrap()));
        assert_eq!(practice.full_address(), "BH1 4AB");
        let addressed = Practice { address: "1 High Street".to_owned(), closed_on: None, ..practice };
        assert!(addressed.is_open_on(last.succ_opt().unwrap()));
        assert_eq!(addressed.full_address(), "1 High Street, BH1 4AB");
    }
}

//! Practices: the places of work that post sessions, keyed by ODS code within their bank.

pub mod actions;
pub mod extras;
pub mod forms;
pub mod guide;
pub mod import;
pub mod pages;
pub mod store;
pub mod successor;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::ground::id::{AccountId, ClinicianId, PracticeId, PreferredListId};

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

/// What the national register says of a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RegisterStatus {
    /// It works, from the day on which it opens.
    Active,
    /// It is to open.
    Proposed,
    /// It does not work for the time being.
    Dormant,
    /// It has closed or is to close.
    Closed,
}

impl RegisterStatus {
    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Proposed => "proposed",
            Self::Dormant => "dormant",
            Self::Closed => "closed",
        }
    }
}

/// How a practice stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Open, and to stay so as far as is known.
    Open,
    /// Open until this day, the last.
    OpenUntil(NaiveDate),
    /// To open on this day.
    Opens(NaiveDate),
    /// Dormant since after this day.
    Dormant(NaiveDate),
    /// Closed after this day, the last on which it was open.
    Closed(NaiveDate),
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
    /// What the register says of it.
    pub status: RegisterStatus,
    /// The first day on which it is open.
    pub opened_on: Option<NaiveDate>,
    /// The last day on which it is open.
    pub closed_on: Option<NaiveDate>,
    /// Where mail to the practice as a whole goes.
    pub email: Option<String>,
}

impl Practice {
    /// Whether it is open on `date`, so that there can be work. In SQL it is `practice_is_open`.
    #[must_use]
    pub fn is_open_on(&self, date: NaiveDate) -> bool {
        matches!(self.standing_on(date), Standing::Open | Standing::OpenUntil(_))
    }

    /// How it stands on `date`.
    #[must_use]
    pub fn standing_on(&self, date: NaiveDate) -> Standing {
        match (self.opened_on, self.closed_on) {
            (_, Some(last)) if last < date && self.status == RegisterStatus::Dormant => {
                Standing::Dormant(last)
            }
            (_, Some(last)) if last < date => Standing::Closed(last),
            (Some(first), _) if date < first => Standing::Opens(first),
            (_, Some(last)) => Standing::OpenUntil(last),
            (_, None) => Standing::Open,
        }
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

/// Whom a practice books at once when they ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Somebody.
    Clinician(ClinicianId),
    /// Everybody of a role, by its code.
    Role(String),
}

impl Trust {
    /// The clinician or the role, as the database keeps them.
    #[must_use]
    pub fn parts(&self) -> (Option<ClinicianId>, Option<&str>) {
        match self {
            Self::Clinician(id) => (Some(*id), None),
            Self::Role(code) => (None, Some(code)),
        }
    }

    /// As the log tells it.
    #[must_use]
    pub fn detail(&self) -> Value {
        match self {
            Self::Clinician(id) => json!({ "clinician": id }),
            Self::Role(code) => json!({ "role": code }),
        }
    }
}

/// People whom a practice would rather have, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreferredList {
    /// Its id.
    pub id: PreferredListId,
    /// Its name, as the practice gave it.
    pub name: String,
    /// Who is on it and works with the bank, by name.
    pub people: Vec<Preferred>,
}

/// Somebody on such a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Preferred {
    /// The clinician.
    pub id: ClinicianId,
    /// Their name.
    pub name: String,
    /// The name of their role.
    pub role_name: String,
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
            status: RegisterStatus::Active,
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

    use super::{Practice, RegisterStatus, Standing};

    #[test]
    fn a_practice_stands_as_its_dates_and_its_status_say() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-30");
        let (active, dormant, closed) =
            (RegisterStatus::Active, RegisterStatus::Dormant, RegisterStatus::Closed);
        let table = [
            (active, None, None, Standing::Open),
            (active, Some("1974-04-01"), None, Standing::Open),
            (active, Some("2026-11-30"), None, Standing::Open),
            (RegisterStatus::Proposed, Some("2027-01-01"), None, Standing::Opens(day("2027-01-01"))),
            (active, Some("2026-12-01"), Some("2027-03-31"), Standing::Opens(day("2026-12-01"))),
            (active, None, Some("2027-03-31"), Standing::OpenUntil(day("2027-03-31"))),
            (closed, None, Some("2026-11-30"), Standing::OpenUntil(today)),
            (active, None, Some("2026-11-29"), Standing::Closed(day("2026-11-29"))),
            (closed, Some("1974-04-01"), Some("2026-11-29"), Standing::Closed(day("2026-11-29"))),
            (dormant, None, Some("2026-11-29"), Standing::Dormant(day("2026-11-29"))),
        ];
        for (status, opened, closed, standing) in table {
            let practice = Practice {
                status,
                opened_on: opened.map(day),
                closed_on: closed.map(day),
                ..Practice::example()
            };
            assert_eq!(practice.standing_on(today), standing);
            let is_open = matches!(standing, Standing::Open | Standing::OpenUntil(_));
            assert_eq!(practice.is_open_on(today), is_open, "{standing:?}");
        }
    }

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

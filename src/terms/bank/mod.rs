//! A bank: one area's shared pool and its rules. Also the data that every slice reads: roles, bands, competencies,
//! bank holidays, and the local calendar.

pub mod actions;
pub mod calendar;
pub mod holidays;
pub mod needs;
pub mod number_form;
pub mod places;
pub mod presets;
pub mod store;
pub mod weekly;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::ground::id::BankId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::words;

/// A bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    /// Its id, the first key of every record of it.
    pub id: BankId,
    /// Its name, as people know it.
    pub name: String,
    /// The zone its wall clocks show.
    pub time_zone: Tz,
    /// Whether everything in it is invented, for demonstration.
    pub invented: bool,
}

impl Bank {
    /// The bank that a specimen is written for.
    #[must_use]
    pub fn of_specimen(specimen: &Specimen) -> Self {
        Self {
            id: specimen.bank,
            name: specimen.bank_name.clone(),
            time_zone: chrono_tz::Europe::London,
            invented: true,
        }
    }
}

/// When the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Band {
    /// Monday to Friday in core hours.
    Core,
    /// Monday to Friday after core hours.
    Evening,
    /// Saturday.
    Saturday,
    /// Sunday or a bank holiday.
    SundayOrBankHoliday,
    /// Nights, where the bank defines them.
    Night,
}

impl Band {
    /// Every band, in the order people list them.
    pub const ALL: [Self; 5] =
        [Self::Core, Self::Evening, Self::Saturday, Self::SundayOrBankHoliday, Self::Night];

    /// The name in files and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Evening => "evening",
            Self::Saturday => "saturday",
            Self::SundayOrBankHoliday => "sunday_or_bank_holiday",
            Self::Night => "night",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Core => "Core hours",
            Self::Evening => "Evening",
            Self::Saturday => "Saturday",
            Self::SundayOrBankHoliday => "Sunday or bank holiday",
            Self::Night => "Night",
        }
    }

    /// "core hours", "Sunday or bank holiday": days keep their capital.
    #[must_use]
    pub fn within_a_sentence(self) -> &'static str {
        match self {
            Self::Core => "core hours",
            Self::Evening => "evening",
            Self::Night => "night",
            Self::Saturday | Self::SundayOrBankHoliday => self.name(),
        }
    }

    /// The band of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.code() == code)
    }
}

/// A kind of day in the table of bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DayKind {
    /// Monday to Friday, no bank holiday.
    Weekday,
    /// Saturday, no bank holiday.
    Saturday,
    /// Sunday or a bank holiday.
    SundayOrBankHoliday,
}

/// One row of a bank's table of bands: from this local time on, until the day's next row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandHours {
    /// The kind of day.
    pub day_kind: DayKind,
    /// The local time from which the band counts.
    pub from_time: NaiveTime,
    /// The band.
    pub band: Band,
}

/// What a session needs done: GP, practice nurse …
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, sqlx::FromRow)]
pub struct Role {
    /// The name in files and in the database.
    pub code: String,
    /// The name on pages, singular.
    pub name: String,
    /// The name on pages, plural.
    pub plural: String,
    /// Who keeps its register; none where there is none.
    pub regulator: Option<String>,
    /// What a registration number looks like, as a regular expression.
    pub register_pattern: Option<String>,
    /// A registration number to show as an example.
    pub register_example: Option<String>,
    /// The last day on which the bank uses it; none while it has no end.
    pub used_until: Option<NaiveDate>,
    /// Whether it works under the supervision of somebody whom the session names.
    pub needs_supervisor: bool,
}

/// A word of the bank's catalogue, which it may use no more from a day on.
pub trait InUse {
    /// The last day on which the bank uses it; none while it has no end.
    fn used_until(&self) -> Option<NaiveDate>;

    /// Whether the bank uses it on `date`. What it uses no more keeps its name, and is not offered to choose from.
    fn is_used_on(&self, date: NaiveDate) -> bool {
        self.used_until().is_none_or(|last| date <= last)
    }
}

impl InUse for Role {
    fn used_until(&self) -> Option<NaiveDate> {
        self.used_until
    }
}

impl InUse for Competency {
    fn used_until(&self) -> Option<NaiveDate> {
        self.used_until
    }
}

/// A named skill, system or document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, sqlx::FromRow)]
pub struct Competency {
    /// The name in files and in the database.
    pub code: String,
    /// The name on pages.
    pub name: String,
    /// Skill, system or document.
    pub kind: CompetencyKind,
    /// The last day on which the bank uses it; none while it has no end.
    pub used_until: Option<NaiveDate>,
}

/// What sort of thing a competency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CompetencyKind {
    /// Something a person can do.
    Skill,
    /// A clinical system a person can use.
    System,
    /// A document a person holds.
    Document,
}

impl CompetencyKind {
    /// Every kind, in the order people list them.
    pub const ALL: [Self; 3] = [Self::Skill, Self::System, Self::Document];

    /// The name in files and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::System => "system",
            Self::Document => "document",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Skill => "Skill",
            Self::System => "Clinical system",
            Self::Document => "Document",
        }
    }
}

/// The roles, competencies, bands and bank holidays of a bank, read once for a page or a job.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Every role, by name.
    pub roles: Vec<Role>,
    /// Every competency, by kind and name.
    pub competencies: Vec<Competency>,
    /// The bank's table of bands.
    pub band_hours: Vec<BandHours>,
    /// The bank holidays that the bank counts, in order.
    pub bank_holidays: Vec<calendar::BankHoliday>,
    /// The last day of which it is known whether it is a bank holiday; none where nothing is known.
    pub holidays_known_until: Option<NaiveDate>,
}

impl Catalogue {
    /// Without the roles and competencies that the bank does not use on a day: what there is to choose from.
    #[must_use]
    pub fn in_use_on(mut self, date: NaiveDate) -> Self {
        self.roles.retain(|role| role.is_used_on(date));
        self.competencies.retain(|competency| competency.is_used_on(date));
        self
    }

    /// The role of that code.
    #[must_use]
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.code == code)
    }

    /// The page name of a role, or its code where it is unknown.
    #[must_use]
    pub fn role_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.role(code).map_or(code, |role| &role.name)
    }

    /// Those of these roles that work under supervision, plural and as within a sentence.
    #[must_use]
    pub fn supervised(&self, codes: &[String]) -> Vec<String> {
        let roles = codes.iter().filter_map(|code| self.role(code)).filter(|role| role.needs_supervisor);
        roles.map(|role| words::in_sentence(&role.plural)).collect()
    }

    /// The roles that the bank uses on a day and that work under supervision, plural and as within a sentence.
    #[must_use]
    pub fn supervised_on(&self, date: NaiveDate) -> Vec<String> {
        let roles = self.roles.iter().filter(|role| role.needs_supervisor && role.is_used_on(date));
        roles.map(|role| words::in_sentence(&role.plural)).collect()
    }

    /// The competency of that code.
    #[must_use]
    pub fn competency(&self, code: &str) -> Option<&Competency> {
        self.competencies.iter().find(|competency| competency.code == code)
    }

    /// The page name of a competency, or its code where it is unknown.
    #[must_use]
    pub fn competency_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.competency(code).map_or(code, |competency| &competency.name)
    }
}

//! What professional registers say of clinicians: a look-up is what a register said of somebody's number on a day, from a
//! file of the register or as an administrator saw it. It counts for the number that they have, and for so long as the bank
//! decides.

pub mod actions;
pub mod file;
pub mod forms;
pub mod messages;
pub mod store;

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::ground::words::{self, date_without_weekday};
use crate::terms::rules::LookUps;

/// What a register says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Outcome {
    /// It is on the register, and nothing is said against it.
    Found,
    /// It is on the register, with conditions, undertakings or a warning.
    Conditions,
    /// It was on the register, and whoever had it may not practise now.
    Lapsed,
    /// It is not on the register.
    NotFound,
}

impl Outcome {
    /// Every one, in the order in which forms list them.
    pub const ALL: [Self; 4] = [Self::Found, Self::Conditions, Self::Lapsed, Self::NotFound];

    /// The name in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Conditions => "conditions",
            Self::Lapsed => "lapsed",
            Self::NotFound => "not_found",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "On the register, with nothing against it",
            Self::Conditions => "On the register, with conditions, undertakings or a warning",
            Self::Lapsed => "Lapsed, suspended, removed or without a licence",
            Self::NotFound => "Not on the register",
        }
    }

    /// Whether whoever has the number may practise.
    #[must_use]
    pub fn is_registered(self) -> bool {
        matches!(self, Self::Found | Self::Conditions)
    }
}

/// What a register said of somebody's number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Lookup {
    /// The register: "GMC".
    pub register: String,
    /// What it said.
    pub outcome: Outcome,
    /// The name that it has, where it is another.
    pub name_on_register: Option<String>,
    /// On which day it said so.
    pub looked_up_on: NaiveDate,
    /// The file it is from; "" where an administrator looked.
    pub source: String,
    /// Who looked or read the file in.
    pub by: String,
    /// When that was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Lookup {
    /// "On the GMC register on 2 November 2026", "On the GMC register as Anne Example, with conditions, on 2 November 2026".
    #[must_use]
    pub fn sentence(&self) -> String {
        let (register, on) = (&self.register, date_without_weekday(self.looked_up_on));
        let name = self.name_on_register.as_ref().map(|name| format!(" as {name}")).unwrap_or_default();
        match self.outcome {
            Outcome::Found => format!("On the {register} register{name} on {on}"),
            Outcome::Conditions => format!("On the {register} register{name}, with conditions, on {on}"),
            Outcome::Lapsed => format!("Lapsed on the {register} register on {on}"),
            Outcome::NotFound => format!("Not on the {register} register on {on}"),
        }
    }

    /// Whether it counts no more on `today`.
    #[must_use]
    pub fn is_stale(&self, rule: LookUps, today: NaiveDate) -> bool {
        self.looked_up_on < stale_before(rule, today)
    }
}

/// The first day of a look-up that still counts on `today`.
#[must_use]
pub fn stale_before(rule: LookUps, today: NaiveDate) -> NaiveDate {
    let months = u32::try_from(rule.within_months).unwrap_or_default();
    today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}

/// What is open about a number on a register, a sentence without a full stop; none where a look-up that still counts says
/// nothing against it.
#[must_use]
pub fn open(register: &str, lookup: Option<&Lookup>, (rule, today): (LookUps, NaiveDate)) -> Option<String> {
    let Some(lookup) = lookup else { return Some(format!("The {register} register has not been looked up")) };
    if lookup.outcome != Outcome::Found || lookup.name_on_register.is_some() {
        return Some(lookup.sentence());
    }
    lookup.is_stale(rule, today).then(|| {
        let months = words::count(rule.within_months.into(), "month", "months");
        let on = date_without_weekday(lookup.looked_up_on);
        format!("The {register} register was last looked up on {on}, more than {months} ago")
    })
}

#[cfg(test)]
pub(crate) mod examples {
    use super::{Lookup, Outcome};
    use chrono::{DateTime, NaiveDate};

    /// What an administrator saw on the GMC register.
    pub fn looked_up(outcome: Outcome, on: NaiveDate) -> Lookup {
        Lookup {
            register: "GMC".to_owned(),
            outcome,
            name_on_register: None,
            looked_up_on: on,
            source: String::new(),
            by: "An administrator".to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::examples::looked_up;
    use super::{LookUps, Outcome, open};

    #[test]
    fn a_look_up_counts_for_so_long_as_the_bank_decides() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let rule = LookUps { within_months: 12 };
        let on =
            |year, month, day| looked_up(Outcome::Found, NaiveDate::from_ymd_opt(year, month, day).unwrap());
        let says = |lookup: &super::Lookup| open("GMC", Some(lookup), (rule, today));
        assert_eq!(says(&on(2025, 11, 30)), None);
        assert_eq!(
            says(&on(2025, 11, 29)).unwrap(),
            "The GMC register was last looked up on 29 November 2025, more than 12 months ago"
        );
        assert_eq!(open("GMC", None, (rule, today)).unwrap(), "The GMC register has not been looked up");
    }

    #[test]
    fn whatever_the_register_says_against_somebody_is_open() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let rule = LookUps { within_months: 12 };
        let says = |lookup: &super::Lookup| open("GMC", Some(lookup), (rule, today)).unwrap_or_default();
        let mut lookup = looked_up(Outcome::Conditions, today);
        assert_eq!(says(&lookup), "On the GMC register, with conditions, on 30 November 2026");
        lookup.outcome = Outcome::Lapsed;
        assert_eq!(says(&lookup), "Lapsed on the GMC register on 30 November 2026");
        lookup.outcome = Outcome::NotFound;
        assert_eq!(says(&lookup), "Not on the GMC register on 30 November 2026");
        lookup.outcome = Outcome::Found;
        assert_eq!(says(&lookup), "");
        lookup.name_on_register = Some("Anne Example".to_owned());
        assert_eq!(says(&lookup), "On the GMC register as Anne Example on 30 November 2026");
    }
}

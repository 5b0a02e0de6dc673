//! What an administrator enters who has looked somebody's number up on its register.

use chrono::{Months, NaiveDate};

use super::Outcome;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, name_of_person, optional};
use crate::ground::words;

/// The longest ago that a look-up can have been, in months: no bank lets one count for longer.
const LONGEST_AGO_MONTHS: u32 = 24;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookUpField {
    /// What the register said.
    Outcome,
    /// The name that it has.
    Name,
    /// On which day.
    On,
}

impl Field for LookUpField {
    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Name => "name",
            Self::On => "on",
        }
    }
}

/// A look-up as it was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUpEntered {
    /// What the register said.
    pub outcome: Outcome,
    /// The name that it has, where it is another.
    pub name_on_register: Option<String>,
    /// On which day.
    pub looked_up_on: NaiveDate,
}

/// Reads a look-up of today or of a day before, at most two years ago.
pub fn parse_look_up(raw: &RawForm, today: NaiveDate) -> Result<LookUpEntered, FieldErrors<LookUpField>> {
    let mut errors = FieldErrors::none();
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.code() == raw.get("outcome"));
    if outcome.is_none() {
        errors.add(LookUpField::Outcome, "Select what the register says");
    }
    let name = optional(raw.get("name"), name_of_person);
    let name = errors.keep(LookUpField::Name, "name on the register", name);
    let on = errors.keep(LookUpField::On, "day on which you looked", raw.date("on").read());
    let earliest = today.checked_sub_months(Months::new(LONGEST_AGO_MONTHS)).unwrap_or(NaiveDate::MIN);
    if on.is_some_and(|on| on > today || on < earliest) {
        let (earliest, today) = (words::date_without_weekday(earliest), words::date_without_weekday(today));
        errors
            .add(LookUpField::On, format!("The day on which you looked must be from {earliest} to {today}"));
    }
    let parts = outcome.zip(name).zip(on);
    errors.finish(parts.map(|((outcome, name_on_register), looked_up_on)| LookUpEntered {
        outcome,
        name_on_register,
        looked_up_on,
    }))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{LookUpEntered, Outcome, parse_look_up};
    use crate::ground::form_fields::RawForm;

    #[test]
    fn each_field_says_what_would_be_right() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let right = [
            ("outcome", "conditions"),
            ("name", ""),
            ("on-day", "29"),
            ("on-month", "11"),
            ("on-year", "2026"),
        ];
        let typed = |name: &str, value: &str| {
            let value_of = |(known, right): &(&str, &str)| {
                let value = if *known == name { value } else { right };
                ((*known).to_owned(), value.to_owned())
            };
            parse_look_up(&RawForm::from_pairs(right.iter().map(value_of).collect()), today)
        };
        let entered = LookUpEntered {
            outcome: Outcome::Conditions,
            name_on_register: None,
            looked_up_on: NaiveDate::from_ymd_opt(2026, 11, 29).unwrap(),
        };
        assert_eq!(typed("", ""), Ok(entered.clone()));
        let named = LookUpEntered { name_on_register: Some("Anne Example".to_owned()), ..entered };
        assert_eq!(typed("name", " Anne Example "), Ok(named));
        for (name, value, field, says) in [
            ("outcome", "", "outcome", "Select what the register says"),
            ("name", "123", "name", "name on the register"),
            ("on-day", "", "on", "must include a day"),
            ("on-year", "2027", "on", "must be from 30 November 2024 to 30 November 2026"),
            ("on-year", "2023", "on", "must be from 30 November 2024"),
        ] {
            let errors = typed(name, value).unwrap_err();
            assert!(errors.of(field).to_lowercase().contains(&says.to_lowercase()), "{}", errors.of(field));
        }
    }
}

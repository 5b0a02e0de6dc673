//! The form that publishes a range.

use chrono::NaiveDate;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, pounds_as_pence};
use crate::ground::words;
use crate::terms::bank::{Band, Catalogue};

/// The highest rate a range may name: £1,000 an hour, far above any rate paid. It catches pence typed as pounds.
const HIGHEST_PENCE_PER_HOUR: i64 = 100_000;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeField {
    /// The role.
    Role,
    /// The band.
    Band,
    /// The first day.
    From,
    /// The least an hour pays.
    Floor,
    /// The most an hour pays.
    Ceiling,
}

impl Field for RangeField {
    fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Band => "band",
            Self::From => "from",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
        }
    }
}

/// A range as the commissioner entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeEntered {
    /// The role's code.
    pub role: String,
    /// The band.
    pub band: Band,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
    /// The least an hour pays, in pence.
    pub floor_pence_per_hour: i32,
    /// The most an hour pays, in pence.
    pub ceiling_pence_per_hour: i32,
}

/// Reads a range to be published on `today` or later: what has been agreed under earlier ranges stays agreed.
pub fn parse(
    raw: &RawForm,
    catalogue: &Catalogue,
    today: NaiveDate,
) -> Result<RangeEntered, FieldErrors<RangeField>> {
    let mut errors = FieldErrors::none();
    let role = catalogue.role(raw.get("role")).map(|role| role.code.clone());
    if role.is_none() {
        errors.add(RangeField::Role, "Select a role");
    }
    let band = Band::from_code(raw.get("band"));
    if band.is_none() {
        errors.add(RangeField::Band, "Select a band");
    }
    let from = errors.keep(RangeField::From, "first day", raw.date("from").read());
    if from.is_some_and(|from| from < today) {
        let today = words::date_without_weekday(today);
        errors.add(RangeField::From, format!("The first day must be today, {today}, or later"));
    }
    let mut pence = |field: RangeField, what: &str| {
        let read = pounds_as_pence(raw.get(field.name()), 1, HIGHEST_PENCE_PER_HOUR);
        errors.keep(field, what, read).and_then(|pence| i32::try_from(pence).ok())
    };
    let floor = pence(RangeField::Floor, "floor");
    let ceiling = pence(RangeField::Ceiling, "ceiling");
    if let (Some(floor), Some(ceiling)) = (floor, ceiling)
        && ceiling < floor
    {
        let floor = words::pounds(floor.into());
        errors.add(RangeField::Ceiling, format!("The ceiling must be the floor, {floor}, or more"));
    }
    let entered = role.zip(band).zip(from).zip(floor.zip(ceiling)).map(
        |(((role, band), valid_from), (floor_pence_per_hour, ceiling_pence_per_hour))| RangeEntered {
            role,
            band,
            valid_from,
            floor_pence_per_hour,
            ceiling_pence_per_hour,
        },
    );
    errors.finish(entered)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{RangeEntered, parse};
    use crate::ground::form_fields::RawForm;
    use crate::terms::bank::{Band, Catalogue, Role};

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn catalogue() -> Catalogue {
        let gp = Role {
            code: "gp".to_owned(),
            name: "GP".to_owned(),
            plural: "GPs".to_owned(),
            regulator: None,
            register_pattern: None,
            register_example: None,
            used_until: None,
            needs_supervisor: false,
        };
        Catalogue { roles: vec![gp], ..Catalogue::default() }
    }

    /// A form that is right, with `name` changed to `value`.
    fn with(name: &str, value: &str) -> RawForm {
        let right = [
            ("role", "gp"),
            ("band", "core"),
            ("from-day", "1"),
            ("from-month", "12"),
            ("from-year", "2026"),
            ("floor", "76"),
            ("ceiling", "98.50"),
        ];
        let pair = |(known, right): (&str, &str)| {
            (known.to_owned(), if known == name { value.to_owned() } else { right.to_owned() })
        };
        RawForm::from_pairs(right.map(pair).to_vec())
    }

    #[test]
    fn a_range_is_read_in_pence() {
        let entered = parse(&with("", ""), &catalogue(), today());
        let expected = RangeEntered {
            role: "gp".to_owned(),
            band: Band::Core,
            valid_from: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
            floor_pence_per_hour: 7600,
            ceiling_pence_per_hour: 9850,
        };
        assert_eq!(entered, Ok(expected));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        for (name, value, field, sentence) in [
            ("role", "astronaut", "role", "Select a role"),
            ("band", "", "band", "Select a band"),
            ("from-month", "11", "from", "The first day must be today, 22 November 2026, or later"),
            ("from-day", "", "from", "First day must include a day"),
            ("floor", "seventy", "floor", "Enter a floor, like 88 or 88.50"),
            ("ceiling", "75", "ceiling", "The ceiling must be the floor, £76, or more"),
            ("ceiling", "9850", "ceiling", "Ceiling must be between £0.01 and £1,000"),
        ] {
            let errors = parse(&with(name, value), &catalogue(), today()).unwrap_err();
            assert_eq!(errors.of(field), sentence);
            assert_eq!(errors.lines().len(), 1, "{name} {value}");
        }
    }

    #[test]
    fn a_range_may_begin_today() {
        let mut raw = with("from-month", "11");
        assert!(parse(&raw, &catalogue(), NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()).is_ok());
        raw = with("from-month", "11");
        assert!(parse(&raw, &catalogue(), NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()).is_err());
    }
}
